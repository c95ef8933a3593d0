package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Kv;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster in memory: one sorted map, a few shards, three nodes. */
final class FakeCluster implements Cluster {
  final FakeKv kv = new FakeKv();
  final FakeAdmin admin = new FakeAdmin();
  final AtomicInteger closed = new AtomicInteger();

  @Override
  public Kv kv() {
    return kv;
  }

  @Override
  public AsyncKv async() {
    return kv.async();
  }

  @Override
  public AdminClient admin() {
    return admin;
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
