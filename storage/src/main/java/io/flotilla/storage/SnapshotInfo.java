package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.List;

/**
 * What a snapshot file holds, known once it was written or verified from start to end.
 *
 * @param file name in {@link NodeStore#snapshots}
 * @param metadata the opaque bytes that were given to the export
 * @param ranges the exported ranges
 * @param rows number of rows
 * @param bytes size of the file
 * @param sha256 hash over the whole content but the trailer
 */
public record SnapshotInfo(
    String file, Payload metadata, List<RowRange> ranges, long rows, long bytes, Payload sha256) {

  public SnapshotInfo {
    ranges = List.copyOf(ranges);
  }
}
