package io.flotilla.shard;

/**
 * When shards are split without being asked to. The same on all nodes.
 *
 * @param bytes of keys and values from which a shard is split in the middle; 0: never
 * @param load requests a second from which a shard is split where they halve; 0: never
 * @param cooldownMillis after a split until the next one of either half, from 1
 */
public record SplitConfig(long bytes, long load, long cooldownMillis) {
  public SplitConfig {
    if (bytes < 0 || load < 0 || cooldownMillis < 1) {
      throw new IllegalArgumentException(
          "splits at %d bytes, %d requests/s, %d ms".formatted(bytes, load, cooldownMillis));
    }
  }

  /** Shards are split on request only. */
  public static final SplitConfig NEVER = new SplitConfig(0, 0, 60_000);

  /**
   * At 128 MiB, which a snapshot moves in two seconds at the rate it has by default; at 2,500
   * requests a second; once a minute.
   */
  public static SplitConfig defaults() {
    return new SplitConfig(128L << 20, 2_500, 60_000);
  }
}
