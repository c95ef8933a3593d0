package io.flotilla.shard.kv;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.RowRange;
import java.nio.ByteBuffer;

/**
 * One pass over the rows of a user shard, in slices. What is written meanwhile is seen if it comes
 * before the pass does. Confined to the loop of the replica.
 */
public final class SizeScan {
  private final Boundaries found = new Boundaries();
  private RowRange rest;

  /** Begins before the first row. */
  public SizeScan(ShardDescriptor shard) {
    this.rest = KeySpace.rows(shard.shardId(), shard.range());
  }

  /**
   * Goes on until the end or as far as the budget allows.
   *
   * @return whether the end was reached
   */
  public boolean slice(ReplicaState rows, ScanBudget budget) {
    if (budget.isSpent()) {
      return false;
    }
    Slice slice = new Slice(budget);
    rows.scan(rest, false, slice::visit);
    rest = new RowRange(rest.table(), after(slice.last), rest.to());
    return slice.complete;
  }

  /** All that was found, once the end was reached. */
  public Boundaries found() {
    return found;
  }

  /** The smallest key after one that is not empty. */
  private Payload after(Payload rowKey) {
    return rowKey.isEmpty()
        ? rest.from()
        : Payload.of(
            ByteBuffer.allocate(rowKey.size() + 1).put(rowKey.asReadOnlyByteBuffer()).array());
  }

  private final class Slice {
    private final ScanBudget budget;
    private Payload last = Payload.EMPTY;
    private boolean complete = true;

    Slice(ScanBudget budget) {
      this.budget = budget;
    }

    boolean visit(Payload rowKey, Payload stored) {
      long size = rowKey.size() - 1L + RowValue.valueBytes(stored); // without the tag before it
      found.add(rowKey, size);
      last = rowKey;
      complete = budget.spend(size);
      return complete;
    }
  }
}
