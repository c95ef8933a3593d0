package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A snapshot install, which is also what is remembered of it until it is finished.
 *
 * @param replica the replica that gets the rows; at most one install per replica
 * @param file the staged file in {@link NodeStore#snapshots}
 * @param ranges ranges that are emptied first; every row of the file must lie in one of them
 * @param meta rows of {@link Table#META} written by the last transaction
 */
public record InstallSpec(
    ReplicaKey replica, String file, List<RowRange> ranges, SortedMap<Payload, Payload> meta) {

  public InstallSpec {
    ranges = List.copyOf(ranges);
    meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    meta.keySet().forEach(Keys::check);
  }
}
