package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import java.util.List;

/** One intent of a {@link JournalBatch}. */
sealed interface JournalOp {

  ReplicaKey replica();

  record SetHardState(ReplicaKey replica, HardState hardState) implements JournalOp {}

  record Append(ReplicaKey replica, List<Entry> entries) implements JournalOp {}

  record Reset(ReplicaKey replica, long index, long term) implements JournalOp {}

  record Remove(ReplicaKey replica) implements JournalOp {}
}
