package io.flotilla.raft;

/** Settings for tests, by name: small timers, the rest as in production unless set. */
final class TestConfig {
  int electionTicks = 10;
  int heartbeatTicks = 1;
  long maxBytesPerAppend = 1 << 20;
  int maxInflightMessages = 256;
  long maxInflightBytes = 16 << 20;
  long maxUncommittedBytes = 32 << 20;
  long maxCommittedBytesPerReady = 4 << 20;
  long maxPromotionLag = 100;
  int maxWaitingReads = 1 << 14;
  boolean preVote = true;
  boolean checkQuorum = true;
  boolean leaderLease;
  int maxClockDriftPercent = 25;

  RaftConfig build(long replicaId) {
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
        leaderLease,
        maxClockDriftPercent);
  }
}
