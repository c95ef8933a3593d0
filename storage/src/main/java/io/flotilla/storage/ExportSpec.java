package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.List;

/**
 * What to copy into a snapshot file.
 *
 * @param file name in {@link NodeStore#snapshots}; an old file of that name is replaced
 * @param metadata opaque bytes for the header, at most 1 MiB
 * @param ranges rows to copy, in this order; ranges of one table must not overlap
 */
public record ExportSpec(String file, Payload metadata, List<RowRange> ranges) {

  public ExportSpec {
    ranges = List.copyOf(ranges);
    if (metadata.size() > 1 << 20) {
      throw new IllegalArgumentException("snapshot metadata has at most 1 MiB");
    }
  }
}
