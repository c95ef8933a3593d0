package io.flotilla.shard;

import io.flotilla.shard.kv.Limits;
import java.util.ArrayList;
import java.util.List;

/**
 * Bounds and timers of a node's replicas.
 *
 * @param loops threads that own replicas, 1..64
 * @param tickMillis length of a tick, 1..10,000 ms
 * @param heartbeatTicks ticks between heartbeats of a leader, from 1
 * @param electionTicks least silence before an election, at least 3 × heartbeatTicks
 * @param mailboxCalls calls and peer messages that may wait for one loop, and calls that may wait
 *     for one replica; more are refused or dropped
 * @param memtableBytes bytes applied and not flushed on the whole node that trigger a flush
 * @param flushMillis longest time between apply and flush
 * @param retainedEntries entries kept in a log for slow followers beyond what is flushed
 * @param snapshots bounds of snapshots between nodes
 * @param scheduler how the leader of the system shard sees to where replicas and leaders are
 * @param leaderLease whether leaders answer reads without asking a quorum while it is bound by its
 *     promise not to elect another; needs electionTicks of at least {@link #MIN_LEASE_TICKS}
 * @param maxSessions kept by a shard, from 2; {@link Limits#MAX_SESSIONS} wherever nodes outlive a
 *     test, for it must be the same on all
 */
public record HostConfig(
    int loops,
    int tickMillis,
    int heartbeatTicks,
    int electionTicks,
    int mailboxCalls,
    long memtableBytes,
    int flushMillis,
    int retainedEntries,
    SnapshotConfig snapshots,
    SchedulerConfig scheduler,
    boolean leaderLease,
    int maxSessions) {
  /**
   * With leases, the least electionTicks. With 30 a leader's lease ends before 23 ticks have passed
   * since it asked (RaftConfig); a follower counts at most one tick per tick's length, so its
   * promise lasts for more than 28. What is between, a fifth, is how much faster one clock may run
   * than another.
   */
  public static final int MIN_LEASE_TICKS = 30;

  public HostConfig {
    List<String> faults = new ArrayList<>();
    require(faults, loops >= 1 && loops <= 64, "loops is 1..64, not " + loops);
    require(faults, tickMillis >= 1 && tickMillis <= 10_000, "tickMillis: " + tickMillis);
    require(faults, heartbeatTicks >= 1, "heartbeatTicks is at least 1, not " + heartbeatTicks);
    require(
        faults,
        electionTicks >= 3 * heartbeatTicks,
        "electionTicks is at least 3 x heartbeatTicks, not " + electionTicks);
    require(
        faults,
        !leaderLease || electionTicks >= MIN_LEASE_TICKS,
        "leaderLease needs electionTicks of at least "
            + MIN_LEASE_TICKS
            + ", not "
            + electionTicks);
    require(faults, mailboxCalls >= 16, "mailboxCalls is at least 16, not " + mailboxCalls);
    require(faults, memtableBytes >= 1 << 10, "memtableBytes is at least 1 KiB");
    require(faults, flushMillis >= tickMillis, "flushMillis is at least tickMillis");
    require(faults, retainedEntries >= 0, "retainedEntries is not negative");
    require(faults, maxSessions >= 2, "maxSessions is at least 2, not " + maxSessions);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void require(List<String> faults, boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  /** 100 ms ticks, heartbeats every 2, elections after 10 to 20, flushes of 32 MiB or 5 s. */
  public static HostConfig defaults(int cores) {
    int loops = Math.max(1, Math.min(4, cores));
    return new HostConfig(
        loops,
        100,
        2,
        10,
        65_536,
        32L << 20,
        5_000,
        5_000,
        SnapshotConfig.defaults(),
        SchedulerConfig.defaults(),
        false,
        Limits.MAX_SESSIONS);
  }

  /** The same with other bounds of snapshots and another scheduler. */
  HostConfig with(SnapshotConfig newSnapshots, SchedulerConfig newScheduler) {
    return new HostConfig(
        loops,
        tickMillis,
        heartbeatTicks,
        electionTicks,
        mailboxCalls,
        memtableBytes,
        flushMillis,
        retainedEntries,
        newSnapshots,
        newScheduler,
        leaderLease,
        maxSessions);
  }

  /** Length of a tick. */
  long tickNanos() {
    return tickMillis * 1_000_000L;
  }
}
