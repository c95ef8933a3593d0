package io.flotilla.shard.kv;

/** Bounds of requests. They are part of the contract: raising one is fine, lowering one is not. */
public final class Limits {
  public static final int MAX_KEY_BYTES = 480;
  public static final int MAX_VALUE_BYTES = 1 << 20;
  public static final int MAX_BATCH_OPERATIONS = 128;
  public static final int MAX_BATCH_BYTES = 2 << 20;
  public static final int MAX_SCAN_ROWS = 1_000;
  public static final int MAX_SCAN_BYTES = 1 << 20;
  public static final int MAX_DELETED_ROWS = 1_000;
  public static final int MAX_DELETED_BYTES = 1 << 20;
  public static final int MAX_MULTI_GET_KEYS = 1_000;
  public static final int MAX_REPLICA_CHANGES = 16;
  public static final int MAX_SPLIT_PARTS = 64;
  public static final int MAX_SHARD_IDS = 1_000;
  public static final int MAX_TIMEOUT_MILLIS = 60_000;
  public static final long MAX_TTL_MILLIS = 10L * 365 * 24 * 3_600 * 1_000;
  public static final int DEFAULT_TIMEOUT_MILLIS = 10_000;

  /** How far a session may begin ahead of the clock of the node it writes to. */
  public static final int MAX_SESSION_AHEAD_MILLIS = 300_000;

  /**
   * Sessions that a shard keeps; one more, and the one whose last write is the longest ago is
   * evicted. The same on all nodes, or their replicas differ: no option of a server (R34).
   */
  public static final int MAX_SESSIONS = 4_096;

  private Limits() {}
}
