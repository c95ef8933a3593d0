package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Kv;
import io.flotilla.client.PlacementClient;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster in memory: one sorted map, a few shards, three nodes. */
final class FakeCluster implements Cluster {
  final FakeKv kv = new FakeKv();
  final FakeAdmin admin = new FakeAdmin();
  final FakePlacement placement = new FakePlacement();
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
  public PlacementClient placement() {
    return placement;
  }

  @Override
  public void close() {
    closed.incrementAndGet();
  }
}
