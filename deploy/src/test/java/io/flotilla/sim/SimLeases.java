package io.flotilla.sim;

import static io.flotilla.sim.SimCaller.bytes;

import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keys that only one client writes, one after the other: it takes another when an earlier write may
 * still come. Each is written with a time to live, so the client knows which row must be there, and
 * from when on it may be gone: when the clock of some node may have reached the row's expiry.
 */
final class SimLeases {
  private static final String SUFFIX = "~lease";
  private static final int LONGEST_TTL_MILLIS = 3_000;

  private final SimCaller caller;
  private final Coverage coverage;
  private final LongSupplier latestWallMillis;
  private final String prefix;
  private final NavigableSet<String> left = new TreeSet<>();
  private String key;
  private int written;

  /** Of the row as it was acknowledged; 0: none was. */
  private long revision;

  private long expiresAtMillis;
  private boolean over;

  /**
   * The lease of one client.
   *
   * @param latestWallMillis no clock of a node has ever been later than this
   */
  SimLeases(SimCaller caller, int place, LongSupplier latestWallMillis) {
    this.caller = caller;
    this.coverage = caller.coverage();
    this.latestWallMillis = latestWallMillis;
    // Between the other keys, in one shard or the other.
    this.prefix = "k" + place % 8 + SUFFIX + place + "-";
    this.key = prefix + 0;
  }

  static boolean isOne(String key) {
    return key.contains(SUFFIX);
  }

  /** Takes the lease anew, whatever is left of it. */
  void put(Runnable then) {
    long ttl = 1 + caller.random().nextInt(LONGEST_TTL_MILLIS);
    long sequence = caller.nextSequence();
    left.add(key);
    caller.call(
        Request.newBuilder()
            .setContext(
                Context.newBuilder()
                    .setTimeoutMillis(SimCaller.TIMEOUT_MILLIS)
                    .setSessionId(caller.session())
                    .setSequence(sequence)
                    .setAcknowledgedSequence(sequence - 1))
            .setPut(
                PutRequest.newBuilder()
                    .setKey(bytes(key))
                    .setValue(bytes("lease-" + ++written))
                    .setTtlMillis(ttl)),
        reply -> {
          if (reply.hasError()) {
            caller.renew(); // its sequence must never be used for another write
            key = prefix + ++written;
            revision = 0;
          } else {
            coverage.count("leases taken");
            revision = reply.getPut().getRevision();
            expiresAtMillis = (revision >> 16) + ttl;
          }
          over = false;
          then.run();
        });
  }

  /** Reads the lease, from any replica. */
  void read(Runnable then) {
    Consistency consistency =
        caller.random().nextBoolean()
            ? Consistency.CONSISTENCY_LINEARIZABLE
            : Consistency.CONSISTENCY_FOLLOWER;
    get(
        key,
        consistency,
        reply -> {
          seen(reply);
          then.run();
        });
  }

  /** Reads one of the keys that may not have expired yet. */
  void readLeft() {
    String one = left.first();
    get(
        one,
        Consistency.CONSISTENCY_LINEARIZABLE,
        reply -> {
          if (reply.hasGet() && !reply.getGet().getFound()) {
            left.remove(one);
          }
        });
  }

  /** Whether all of them have expired, as far as was read. */
  boolean haveExpired() {
    return left.isEmpty();
  }

  private void get(String one, Consistency consistency, Consumer<Reply> then) {
    caller.call(
        Request.newBuilder()
            .setContext(
                Context.newBuilder()
                    .setTimeoutMillis(SimCaller.TIMEOUT_MILLIS)
                    .setConsistency(consistency))
            .setGet(GetRequest.newBuilder().setKey(bytes(one))),
        then);
  }

  private void seen(Reply reply) {
    GetReply row = reply.getGet();
    if (reply.hasError() || revision == 0) {
      return;
    }
    if (row.getFound()) {
      coverage.count("leases found");
      boolean same =
          !over && row.getRevision() == revision && row.getExpiresAtMillis() == expiresAtMillis;
      if (!same) {
        caller
            .world()
            .fault("lease " + key + " of " + revision + ", over: " + over + ", is " + row);
      }
      return;
    }
    coverage.count("leases over");
    if (latestWallMillis.getAsLong() < expiresAtMillis) {
      caller.world().fault("lease " + key + " of revision " + revision + " is gone too early");
    }
    over = true; // it must not come back
  }
}
