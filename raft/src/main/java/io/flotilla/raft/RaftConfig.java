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
 * @param preVote ask before campaigning (thesis 9.6)
 * @param checkQuorum a leader without contact to a quorum for an election timeout steps down
 *     (thesis 6.2), and voters that hear a leader ignore candidates (thesis 4.2.3)
 * @param leaderLease answer reads without a round while a quorum has answered within 0.9 of an
 *     election timeout (thesis 6.4.1). Needs checkQuorum and clocks of bounded drift: a machine
 *     whose clock stands still while others' run can give a stale read. Off by default
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
    boolean preVote,
    boolean checkQuorum,
    boolean leaderLease) {

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

  /** Heartbeat every 2 ticks, election after 10 to 20, 1 MiB per append, 256 in flight. */
  public static RaftConfig defaults(long replicaId) {
    return new RaftConfig(
        replicaId, 10, 2, 1 << 20, 256, 16 << 20, 32 << 20, 4 << 20, true, true, false);
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
        preVote,
        checkQuorum,
        leaderLease);
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
        preVote,
        checkQuorum,
        lease);
  }
}
