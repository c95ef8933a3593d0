package io.flotilla.shard;

import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.Expire;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.shard.kv.Stamps;
import java.util.concurrent.TimeUnit;

/**
 * Lets the time of a shard go on where nobody writes to it but rows are due to expire: as long as
 * it leads, the replica proposes an Expire command each second, and each tick while there is much
 * to remove. One is under way at a time. Confined to the loop.
 *
 * <p>A leader's wall clock may be behind the time of its shard, which another leader made; rows
 * would stay until it caught up. So time also goes on by what has passed on the clock that never
 * goes back, from the last revision that was later.
 */
final class ExpirySweeps {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Replica replica;
  private final HostParts parts;

  /** Index of the last command that was proposed here. */
  private long proposed;

  private boolean everProposed;
  private long proposedAtNanos;

  /** The time of the shard and when it was that, since this replica leads. */
  private long baseMillis;

  private long baseNanos;

  ExpirySweeps(Replica replica, HostParts parts) {
    this.replica = replica;
    this.parts = parts;
  }

  void tick() {
    if (!replica.node().isLeader() || replica.machine().earliestExpiryMillis() == Long.MAX_VALUE) {
      return;
    }
    long nanos = parts.clock().nanos();
    long nowMillis = shardMillis(nanos);
    boolean due =
        replica.machine().earliestExpiryMillis() <= nowMillis
            && replica.applier().appliedIndex() >= proposed;
    boolean rested =
        !everProposed
            || replica.machine().hasMuchToSweep()
            || nanos - proposedAtNanos >= PERIOD_NANOS;
    if (!due || !rested) {
      return;
    }
    CommandBatch batch =
        CommandBatch.newBuilder()
            .setStamp(Stamps.of(nowMillis))
            .addCommands(Command.newBuilder().setExpire(Expire.getDefaultInstance()))
            .build();
    ProposalResult result = replica.node().propose(Payload.of(batch.toByteArray()));
    if (result.accepted()) {
      proposed = result.index();
      everProposed = true;
      proposedAtNanos = nanos;
    }
  }

  private long shardMillis(long nanos) {
    long passed = baseMillis + TimeUnit.NANOSECONDS.toMillis(nanos - baseNanos);
    long applied = Stamps.millis(replica.machine().lastRevision());
    if (baseMillis == 0 || applied > passed) {
      baseMillis = applied;
      baseNanos = nanos;
      passed = applied;
    }
    return Math.max(passed, parts.clock().wallMillis());
  }

  /** What was proposed before may never be applied, and time may go on elsewhere or not. */
  void leadershipLost() {
    proposed = 0;
    baseMillis = 0;
  }
}
