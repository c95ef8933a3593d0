package io.flotilla.raft;

/** What of a replica survives a crash: only what was written. */
final class SimDisk {
  HardState hardState = HardState.EMPTY;
  final MemoryLog log;

  /** The state machine as it was flushed last: up to where, what it is, who takes part. */
  long applied;

  long digest;
  Membership membership;

  SimDisk(MemoryLog log, Membership membership) {
    this.log = log;
    this.applied = log.firstIndex() - 1;
    this.membership = membership;
    if (applied > 0) {
      this.hardState = new HardState(log.term(applied), 0, applied);
    }
  }

  /** All or nothing. */
  void write(Ready ready, Digests digests) {
    HardState newState = ready.hardState();
    if (newState != null) {
      hardState = newState;
    }
    log.write(ready);
    SnapshotMetadata snapshot = ready.snapshot();
    if (snapshot != null) {
      applied = snapshot.index();
      digest = digests.at(snapshot.index());
      membership = snapshot.membership();
    }
  }
}
