package io.flotilla.raft;

/** The entry asked for was compacted away; a snapshot covers it. */
public final class CompactedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CompactedException(long index, long firstIndex) {
    super("index " + index + " was compacted away, the log begins at " + firstIndex);
  }
}
