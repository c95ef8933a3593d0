package io.flotilla.raft;

import io.flotilla.raft.RaftStatus.FollowerState;

/**
 * What a leader knows of one replica's log. Invariant: {@code 0 <= match < next}.
 *
 * <p>PROBE sends one append per heartbeat interval until the logs agree; REPLICATE pipelines within
 * the window of {@link Inflights}; SNAPSHOT sends nothing until the snapshot's fate is known.
 */
final class Progress {
  private static final long NEVER = Long.MIN_VALUE / 2;

  final long replicaId;
  final Inflights inflights;
  private FollowerState state = FollowerState.PROBE;
  private long match;
  private long next;
  private long pendingSnapshot;
  private boolean probeSent;

  /** Highest commit index told to the follower. */
  long commitSent;

  /** Latest round of reads the replica answered. */
  long readRound;

  /** Heard of since the last check of the quorum. */
  boolean recentlyActive;

  private long heardAt = NEVER;

  Progress(long replicaId, long next, RaftConfig config) {
    this.replicaId = replicaId;
    this.next = next;
    this.inflights = new Inflights(config.maxInflightMessages(), config.maxInflightBytes());
  }

  FollowerState state() {
    return state;
  }

  long match() {
    return match;
  }

  long next() {
    return next;
  }

  /** A message of the replica came at this tick. */
  void heard(long tick) {
    recentlyActive = true;
    heardAt = tick;
  }

  /** Tick of the latest message of the replica, far in the past if there was none. */
  long heardAt() {
    return heardAt;
  }

  boolean isPaused() {
    return switch (state) {
      case PROBE -> probeSent;
      case REPLICATE -> inflights.isFull();
      case SNAPSHOT -> true;
    };
  }

  /** Lets the next append through: the follower was heard of. */
  void unpause() {
    probeSent = false;
  }

  void becomeProbe() {
    long from = state == FollowerState.SNAPSHOT ? Math.max(match, pendingSnapshot) + 1 : match + 1;
    enter(FollowerState.PROBE);
    next = from;
  }

  void becomeReplicate() {
    enter(FollowerState.REPLICATE);
    next = match + 1;
  }

  void becomeSnapshot(long snapshotIndex) {
    enter(FollowerState.SNAPSHOT);
    pendingSnapshot = snapshotIndex;
  }

  /** The snapshot did not arrive: begin again after what is known. */
  void snapshotFailed() {
    pendingSnapshot = 0;
    becomeProbe();
  }

  private void enter(FollowerState newState) {
    state = newState;
    probeSent = false;
    pendingSnapshot = 0;
    inflights.reset();
  }

  /** An append with entries up to lastIndex, or without any, has left. */
  void sent(long lastIndex, long bytes) {
    if (state == FollowerState.REPLICATE) {
      if (lastIndex >= next) {
        next = lastIndex + 1;
        inflights.add(lastIndex, bytes);
      }
    } else {
      probeSent = true;
    }
  }

  /** The replica holds everything up to the index. False if that was known (R10: never falls). */
  boolean acknowledge(long index) {
    if (index <= match) {
      return false;
    }
    match = index;
    next = Math.max(next, index + 1);
    probeSent = false;
    return true;
  }

  /**
   * The follower refused an append after {@code rejected}; the logs may agree at {@code hint}.
   * False for an answer that came late.
   */
  boolean reject(long rejected, long hint) {
    if (state == FollowerState.REPLICATE) {
      if (rejected <= match) {
        return false;
      }
      becomeProbe();
      return true;
    }
    if (state == FollowerState.SNAPSHOT || next - 1 != rejected) {
      return false;
    }
    next = Math.max(match + 1, Math.min(rejected, hint + 1));
    probeSent = false;
    return true;
  }

  /** For operators; right after a check of the quorum nobody would be active by the flag alone. */
  RaftStatus.Follower picture(boolean heardLately, boolean learner) {
    return new RaftStatus.Follower(
        replicaId, match, next, state, recentlyActive || heardLately, learner);
  }

  boolean snapshotCovered(long firstIndex) {
    return state == FollowerState.SNAPSHOT && match + 1 >= firstIndex;
  }
}
