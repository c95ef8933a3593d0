package io.flotilla.shard.kv;

import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * Turns the committed entries of one shard into rows and answers. Deterministic, see the package.
 */
public interface StateMachine {

  /**
   * Applies the commands of one DATA entry, in order.
   *
   * @return one answer for each command
   */
  List<Reply> apply(CommandBatch batch);

  /** The shard as of the last applied entry. */
  ShardDescriptor descriptor();

  /** The highest revision of the writes applied so far. */
  long lastRevision();

  /**
   * No row expires before this, in milliseconds since 1970; {@link Long#MAX_VALUE} if none does.
   * From then on Expire commands have something to do.
   */
  default long earliestExpiryMillis() {
    return Long.MAX_VALUE;
  }

  /** Whether the last Expire command removed so much that the next should follow at once. */
  default boolean hasMuchToSweep() {
    return false;
  }

  /** The membership step of an entry was applied. */
  void descriptorChanged(ShardDescriptor changed);

  /** The child made by the batch just applied, if it was a split; asked for once, right after. */
  Optional<SplitResult> takeSplit();

  /**
   * Routes to the last few shards that were split off, their leaders not known: for callers that
   * look here for keys that are there. Forgotten at a restart.
   */
  default List<Route> splitOff() {
    return List.of();
  }

  /** Writes what is kept in memory only into the replica's rows. Called before each freeze. */
  void saveToRows();

  /**
   * Puts what this machine wants kept with the applied index into the replica's row: descriptor,
   * last revision, eviction mark, expiries.
   */
  void fillRow(ReplicaRow.Builder row);

  /**
   * A split was applied.
   *
   * @param left the parent with its new range
   * @param right the child
   * @param childRow the child's row, without membership and applied index
   */
  record SplitResult(ShardDescriptor left, ShardDescriptor right, ReplicaRow childRow) {}
}
