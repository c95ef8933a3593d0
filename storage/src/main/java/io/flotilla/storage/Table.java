package io.flotilla.storage;

/** The named tables of the two environments. Keys in every table are ordered as unsigned bytes. */
public enum Table {
  /** State environment: user rows, keyed by the ordered key the shard layer chose. */
  DATA,
  /** State environment: client sessions, keyed by shard first. */
  SESSIONS,
  /** State environment: rows about replicas, written only by {@link FlushBatch#putMeta}. */
  META,
  /** State environment, private to this package: snapshot installs that are under way. */
  INSTALLS,
  /** Journal environment, private to this package: blocks of log records. */
  BLOCKS;

  /** Longest key that any table accepts, in bytes (the bound of LMDB). The shortest is 1. */
  public static final int MAX_KEY_BYTES = 511;

  /** True for the two tables that a memtable, a snapshot and a range may cover. */
  public boolean holdsRows() {
    return this == DATA || this == SESSIONS;
  }
}
