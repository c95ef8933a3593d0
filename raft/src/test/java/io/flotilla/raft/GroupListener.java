package io.flotilla.raft;

/** Hears all that happens in a group, in order. */
interface GroupListener {
  default void started(SimReplica replica) {}

  default void crashed(SimReplica replica) {}

  /** The Ready was handed out; its first messages have not left yet. */
  default void handedOut(SimReplica replica, Ready ready) {}

  /** The Ready is on disk, and nothing after it; the replica was not told yet. */
  default void written(SimReplica replica, Ready ready) {}

  default void sent(Message message) {}

  default void delivered(Message message) {}

  default void lost(Message message) {}

  default void applied(SimReplica replica, Entry entry) {}

  default void ignored(SimReplica replica, Message message, String reason) {}

  default void transferAborted(SimReplica replica, long target) {}
}
