package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.Requests;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.Usage;
import java.util.Optional;

/**
 * Whether this node has room for a write. Asked before the proposal and never at apply: replicas on
 * nodes with more and with less room must apply the same (R34). Any thread.
 *
 * <p>What is refused early is what keeps the rest going: a deletion, a flush and a compaction need
 * room, too.
 */
final class Capacity {
  /** Part of a map from which on only deletions are taken. */
  static final double SOFT_LIMIT = 0.8;

  /** Part of the state store from which on not even those are. */
  static final double HARD_LIMIT = 0.9;

  private final long nodeId;
  private final NodeStore store;

  Capacity(long nodeId, NodeStore store) {
    this.nodeId = nodeId;
    this.store = store;
  }

  /** Why a leader here does not take a request now; empty: it does, as far as room goes. */
  Optional<Reply> refusal(Request request) {
    boolean grows = request.hasSplitShard() || (Requests.isWrite(request) && !needsNoRoom(request));
    if (!grows && !Requests.isWrite(request)) {
      return Optional.empty();
    }
    Usage journal = store.journal().usage();
    Usage state = store.state().usage();
    if (store.journal().isFull() || (grows && journal.fraction() >= SOFT_LIMIT)) {
      return Optional.of(refused("journal", journal, "It shrinks when the state store has room"));
    }
    double limit = grows ? SOFT_LIMIT : HARD_LIMIT;
    if (store.state().isFull() || state.fraction() >= limit) {
      return Optional.of(refused("state store", state, "Delete rows"));
    }
    return Optional.empty();
  }

  /**
   * Why a snapshot's file is not taken; empty: there is room for it.
   *
   * @param bytes of the file; its rows take about as much in the state store
   * @param bytesToCome of this file and of all others that were agreed on
   * @param grows whether it replaces nothing: its replica is not here yet
   */
  String snapshotRefusal(long bytes, long bytesToCome, boolean grows) {
    Usage state = store.state().usage();
    long limit = (long) (state.mapBytes() * HARD_LIMIT);
    if (bytes <= 0 || bytes > limit || (grows && bytes > limit - state.usedBytes())) {
      return "a snapshot of "
          + bytes
          + " bytes does not fit into the state store, which holds "
          + state.usedBytes()
          + " of "
          + state.mapBytes();
    }
    long free = store.snapshots().freeBytes();
    return bytesToCome > free
        ? "no room on the disk: " + free + " bytes are left, and " + bytesToCome + " would come"
        : "";
  }

  /** Deletions make room; a question about a write that was let in comes in as well. */
  private static boolean needsNoRoom(Request request) {
    return request.hasDelete()
        || request.hasDeleteRange()
        || request.hasSettleWrite()
        || (request.hasBatch()
            && request.getBatch().getMutationsList().stream().allMatch(Mutation::getDelete));
  }

  private Reply refused(String what, Usage usage, String wayOut) {
    return Failures.notApplied(
        ErrorCode.ERROR_CODE_DISK_FULL,
        "the store of node "
            + nodeId
            + " is full: its "
            + what
            + " holds "
            + usage.usedBytes()
            + " of "
            + usage.mapBytes()
            + " bytes. "
            + wayOut
            + ", or start the node with a larger bound; reads go on");
  }
}
