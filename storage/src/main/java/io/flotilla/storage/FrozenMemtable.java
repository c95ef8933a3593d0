package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * Writes of one replica between two freezes: never changes any more, read by the owning loop and by
 * the state writer. Made by {@link ReplicaState#freeze}.
 */
public final class FrozenMemtable {

  private final ReplicaKey replica;
  private final Memtable rows;

  FrozenMemtable(ReplicaKey replica, Memtable rows) {
    this.replica = replica;
    this.rows = rows;
  }

  public ReplicaKey replica() {
    return replica;
  }

  /** Estimated bytes in memory. */
  public long bytes() {
    return rows.bytes();
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  Memtable rows() {
    return rows;
  }

  /** Rows of one table in order; an empty value is a deletion. */
  NavigableMap<Payload, Optional<Payload>> table(Table table) {
    return rows.table(table);
  }
}
