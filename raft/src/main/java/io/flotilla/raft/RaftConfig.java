package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of one replica.
 *
 * @param replicaId own id, from 1, never used before by another replica (R37)
 * @param electionTicks a follower campaigns after a silence of this many ticks, up to twice as many
 *     by chance (Raft §5.2); at least 3 × heartbeatTicks
 * @param heartbeatTicks ticks between a leader's heartbeats, from 1
 * @param maxBytesPerAppend bytes of entries in one message; one entry may exceed it
 * @param maxInflightMessages appends to one follower that wait for an answer
 * @param maxInflightBytes bytes of such appends
 * @param maxUncommittedBytes bytes of proposals in the leader's log that are not committed yet;
 *     more are refused
 * @param maxCommittedBytesPerReady bytes of committed entries in one Ready; one entry may exceed it
 * @param maxPromotionLag committed entries that a learner may lack to be made a voter (R17)
 * @param maxWaitingReads reads that wait for a quorum's word; more are refused
 * @param preVote ask before campaigning (thesis 9.6)
 * @param checkQuorum a leader without contact to a quorum for an election timeout steps down
 *     (thesis 6.2), and voters that hear a leader ignore candidates (thesis 4.2.3)
 * @param leaderLease answer reads without a round for {@link #leaseTicks()} after a round left that
 *     a quorum answered (thesis 6.4.1). Needs checkQuorum and clocks of bounded drift: a machine
 *     whose clock stands still while others' run can give a stale read. Off by default
 * @param maxClockDriftPercent by how much the fastest clock of the group may outrun the slowest; 25
 *     allows rates from 0.9 to 1.1 of true time. Matters to leases only
 */
public record RaftConfig(
    long replicaId,
    int electionTicks,
    int heartbeatTicks,
    long maxBytesPerAppend,
    int maxInflightMessages,
    long maxInflightBytes,
    long maxUncommittedBytes,
    long maxCommittedBytesPerReady,
    long maxPromotionLag,
    int maxWaitingReads,
    boolean preVote,
    boolean checkQuorum,
    boolean leaderLease,
    int maxClockDriftPercent) {

  public RaftConfig {
    List<String> faults = new ArrayList<>();
    require(faults, replicaId > 0, "replicaId must be positive: " + replicaId);
    require(faults, heartbeatTicks > 0, "heartbeatTicks must be positive: " + heartbeatTicks);
    require(
        faults,
        electionTicks >= 3 * heartbeatTicks,
        "electionTicks must be at least 3 x heartbeatTicks: " + electionTicks);
    require(faults, maxBytesPerAppend > 0, "maxBytesPerAppend: " + maxBytesPerAppend);
    require(faults, maxInflightMessages > 0, "maxInflightMessages: " + maxInflightMessages);
    require(
        faults,
        maxInflightBytes >= maxBytesPerAppend,
        "maxInflightBytes must be at least maxBytesPerAppend: " + maxInflightBytes);
    require(faults, maxUncommittedBytes > 0, "maxUncommittedBytes: " + maxUncommittedBytes);
    require(
        faults,
        maxCommittedBytesPerReady > 0,
        "maxCommittedBytesPerReady: " + maxCommittedBytesPerReady);
    require(faults, maxPromotionLag >= 0, "maxPromotionLag is negative: " + maxPromotionLag);
    require(faults, maxWaitingReads > 0, "maxWaitingReads must be positive: " + maxWaitingReads);
    require(
        faults,
        maxClockDriftPercent >= 0 && maxClockDriftPercent <= 100,
        "maxClockDriftPercent must be 0 to 100: " + maxClockDriftPercent);
    require(faults, checkQuorum || !leaderLease, "leaderLease needs checkQuorum");
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static void require(List<String> faults, boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  /**
   * Heartbeat every 2 ticks, election after 10 to 20, 1 MiB per append, 256 in flight, learners
   * promoted at 100 entries from the commit.
   */
  public static RaftConfig defaults(long replicaId) {
    return new RaftConfig(
        replicaId, 10, 2, 1 << 20, 256, 16 << 20, 32 << 20, 4 << 20, 100, 1 << 14, true, true,
        false, 25);
  }

  /** The same with other timers. */
  public RaftConfig withTicks(int newElectionTicks, int newHeartbeatTicks) {
    return new RaftConfig(
        replicaId,
        newElectionTicks,
        newHeartbeatTicks,
        maxBytesPerAppend,
        maxInflightMessages,
        maxInflightBytes,
        maxUncommittedBytes,
        maxCommittedBytesPerReady,
        maxPromotionLag,
        maxWaitingReads,
        preVote,
        checkQuorum,
        leaderLease,
        maxClockDriftPercent);
  }

  /**
   * How many ticks of its own clock a leader's lease lasts, counted from when the round left (R22).
   *
   * <p>A voter that hears the leader votes for nobody else for {@code electionTicks} of its clock.
   * A tick may come right after the message, so it waits for more than {@code electionTicks - 1}
   * whole ticks, and {@code (electionTicks - 1) / (1 + drift)} of the slowest clock's. A lease of n
   * ticks ends before n of them have passed since the round left, which was before any voter heard
   * it. Never more than 0.9 election timeouts.
   */
  int leaseTicks() {
    long withinDrift = (electionTicks - 1) * 100L / (100 + maxClockDriftPercent);
    return (int) Math.min(withinDrift, electionTicks * 9L / 10);
  }

  /** The same with or without leases. */
  public RaftConfig withLeaderLease(boolean lease) {
    return new RaftConfig(
        replicaId,
        electionTicks,
        heartbeatTicks,
        maxBytesPerAppend,
        maxInflightMessages,
        maxInflightBytes,
        maxUncommittedBytes,
        maxCommittedBytesPerReady,
        maxPromotionLag,
        maxWaitingReads,
        preVote,
        checkQuorum,
        lease,
        maxClockDriftPercent);
  }
}
