package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sorted writes not yet in the tree. An empty {@link Optional} marks a deletion. */
final class Memtable {

  /** Rough cost of a map node, two objects and two array headers. */
  private static final int ROW_OVERHEAD = 160;

  private final TreeMap<Payload, Optional<Payload>> data = new TreeMap<>();
  private final TreeMap<Payload, Optional<Payload>> sessions = new TreeMap<>();
  private long bytes;

  NavigableMap<Payload, Optional<Payload>> table(Table table) {
    switch (table) {
      case DATA:
        return data;
      case SESSIONS:
        return sessions;
      default:
        throw new IllegalArgumentException("table " + table + " has no memtable");
    }
  }

  /** Null when the key was not written here, empty when it was deleted here. */
  @Nullable Optional<Payload> get(Table table, Payload key) {
    return table(table).get(key);
  }

  void put(Table table, Payload key, Optional<Payload> value) {
    Optional<Payload> old = table(table).put(key, value);
    bytes += value.map(Payload::size).orElse(0);
    if (old == null) {
      bytes += key.size() + ROW_OVERHEAD;
    } else {
      bytes -= old.map(Payload::size).orElse(0);
    }
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return data.isEmpty() && sessions.isEmpty();
  }
}
