package io.flotilla.shard;

/**
 * Bounds of snapshots between nodes.
 *
 * @param sendRate bytes a node sends in a second, all snapshots together; 0: no bound
 * @param receiveRate bytes a node takes in a second, all snapshots together; 0: no bound
 * @param atOnce snapshots a node sends at one time, and takes in at one time, from 1
 * @param chunkBytes bytes of one message, 1 to 1 MiB
 * @param windowChunks chunks sent and not yet confirmed, from 1; bounds memory on both sides
 * @param syncBytes a received file becomes durable each time it has grown by so much, or by a
 *     sixteenth of the whole if that is less; from 1
 * @param stallMillis silence of the other side, or chunks not confirmed for so long, end a transfer
 * @param keepMillis how long a file stays here after a transfer was cut off, for the next try;
 *     received parts stay ten times as long
 */
public record SnapshotConfig(
    long sendRate,
    long receiveRate,
    int atOnce,
    int chunkBytes,
    int windowChunks,
    long syncBytes,
    int stallMillis,
    int keepMillis) {
  private static final int MAX_CHUNK_BYTES = 1 << 20;
  private static final int PARTS_STAY_LONGER = 10;
  private static final long NANOS = 1_000_000L;

  public SnapshotConfig {
    boolean valid =
        sendRate >= 0
            && receiveRate >= 0
            && atOnce >= 1
            && chunkBytes >= 1
            && chunkBytes <= MAX_CHUNK_BYTES
            && windowChunks >= 1
            && syncBytes >= 1
            && stallMillis >= 1
            && keepMillis >= 1;
    if (!valid) {
      throw new IllegalArgumentException(
          "snapshots: rates are not negative, chunkBytes is 1.."
              + MAX_CHUNK_BYTES
              + ", the rest is at least 1; not "
              + sendRate
              + ", "
              + receiveRate
              + ", "
              + atOnce
              + ", "
              + chunkBytes
              + ", "
              + windowChunks
              + ", "
              + syncBytes
              + ", "
              + stallMillis
              + ", "
              + keepMillis);
    }
  }

  /** 64 MiB/s each way, 4 at once, 256 KiB chunks, 16 of them under way, synced every 8 MiB. */
  public static SnapshotConfig defaults() {
    return new SnapshotConfig(64L << 20, 64L << 20, 4, 256 << 10, 16, 8L << 20, 30_000, 60_000);
  }

  /** Bytes a second from one node to another, at most; 0: no bound. */
  long slowestRate() {
    return sendRate == 0 || receiveRate == 0
        ? Math.max(sendRate, receiveRate)
        : Math.min(sendRate, receiveRate);
  }

  /** The same with other rates and number. */
  public SnapshotConfig with(long newSendRate, long newReceiveRate, int newAtOnce) {
    return new SnapshotConfig(
        newSendRate,
        newReceiveRate,
        newAtOnce,
        chunkBytes,
        windowChunks,
        syncBytes,
        stallMillis,
        keepMillis);
  }

  long windowBytes() {
    return (long) windowChunks * chunkBytes;
  }

  /** Bytes between two syncs of a file of this size. */
  long syncBytes(long totalBytes) {
    return Math.max(1, Math.min(syncBytes, totalBytes / 16));
  }

  long stallNanos() {
    return stallMillis * NANOS;
  }

  long keepExportNanos() {
    return keepMillis * NANOS;
  }

  long keepPartNanos() {
    return PARTS_STAY_LONGER * keepMillis * NANOS;
  }
}
