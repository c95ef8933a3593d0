package io.flotilla.shard;

/**
 * Hears what the replicas of a node do, as it happens. Called on the loops and, for snapshots, on
 * their worker: must be quick, must not throw, and allocates nothing if it can be helped.
 */
public interface HostMeter {
  /** Hears nothing. */
  HostMeter NONE = new HostMeter() {};

  /** How a snapshot travels. */
  enum Direction {
    SENT,
    RECEIVED
  }

  /** What became of leading. */
  enum Leading {
    CAMPAIGNED,
    GAINED,
    LOST
  }

  /** A loop has made a turn, which took so long. */
  default void turned(long nanos) {}

  /** A mailbox was full: a call was refused, or a message of another node dropped. */
  default void refused() {}

  /** A message of Raft came from another node. On any thread. */
  default void received() {}

  /** A leader proposed an entry with so many commands. */
  default void proposed(int commands) {}

  /** An entry that was proposed here is committed and applied, so long after. */
  default void committed(long nanos) {}

  /** A replica applied so many entries, its own or those of other leaders. */
  default void applied(int entries) {}

  /** A replica asks for votes, begins to lead or ends. */
  default void leading(Leading what) {}

  /** Bytes of a snapshot have left or arrived. */
  default void snapshotBytes(Direction direction, int bytes) {}

  /** A snapshot is sent and confirmed, or received and whole; or it came to nothing. */
  default void snapshotEnded(Direction direction, boolean done) {}
}
