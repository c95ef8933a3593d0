package io.flotilla.shard;

import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.Expire;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import java.util.concurrent.TimeUnit;

/**
 * Lets the time of a shard go on where nobody writes to it but rows are due to expire: as long as
 * it leads, the replica proposes an Expire command each second, and each tick while there is much
 * to remove. One is under way at a time. Confined to the loop.
 */
final class ExpirySweeps {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Replica replica;
  private final HostParts parts;

  /** Index of the last command that was proposed here. */
  private long proposed;

  private boolean everProposed;
  private long proposedAtNanos;

  ExpirySweeps(Replica replica, HostParts parts) {
    this.replica = replica;
    this.parts = parts;
  }

  void tick() {
    boolean due =
        replica.machine().earliestExpiryMillis() <= parts.clock().wallMillis()
            && replica.applier().appliedIndex() >= proposed;
    long now = parts.clock().nanos();
    boolean rested =
        !everProposed
            || replica.machine().hasMuchToSweep()
            || now - proposedAtNanos >= PERIOD_NANOS;
    if (!due || !rested || !replica.node().isLeader()) {
      return;
    }
    CommandBatch batch =
        replica
            .callers()
            .newBatch()
            .addCommands(Command.newBuilder().setExpire(Expire.getDefaultInstance()))
            .build();
    ProposalResult result = replica.node().propose(Payload.of(batch.toByteArray()));
    if (result.accepted()) {
      proposed = result.index();
      everProposed = true;
      proposedAtNanos = now;
    }
  }

  /** What was proposed before may never be applied. */
  void leadershipLost() {
    proposed = 0;
  }
}
