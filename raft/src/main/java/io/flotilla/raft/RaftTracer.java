package io.flotilla.raft;

/**
 * Hears what the core does, for logs, metrics and tests. The core itself never logs. Called on the
 * thread that drives the core; must not call back into it.
 */
public interface RaftTracer {
  RaftTracer NONE = new RaftTracer() {};

  /** Role, term or leader changed. */
  default void roleChanged(RoleChange change) {}

  /** A message was ignored, with the reason in a few words. */
  default void ignored(Message message, String reason) {}

  /** A follower needs a snapshot: its next entry is compacted away. */
  default void snapshotNeeded(long replicaId, long nextIndex) {}

  /** A leader transfer did not end within an election timeout. */
  default void transferAborted(long toReplica) {}
}
