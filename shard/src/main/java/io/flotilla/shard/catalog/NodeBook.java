package io.flotilla.shard.catalog;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.shard.kv.Failures;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The nodes there are, and those there were. Rows: {@code N} + node id → NodeInfo, {@code X} + node
 * id → the NodeInfo of a node that was removed.
 *
 * <p>A node is known by its store: an address may move, an identity may not (R37, R38).
 */
final class NodeBook {
  static final char MEMBER = 'N';
  static final char REMOVED = 'X';

  private final ReplicaState rows;
  private final Map<Long, NodeInfo> members = new TreeMap<>();
  private final Map<Long, NodeInfo> removed = new TreeMap<>();

  NodeBook(ReplicaState rows) {
    this.rows = rows;
  }

  /** Writes the row of a new cluster's node. */
  static void seed(ReplicaState rows, NodeInfo node) {
    rows.put(
        Table.DATA,
        CatalogStateMachine.row(MEMBER, node.getNodeId()),
        CatalogStateMachine.encode(node));
  }

  void load(NodeInfo node) {
    members.put(node.getNodeId(), node);
  }

  void loadRemoved(NodeInfo node) {
    removed.put(node.getNodeId(), node);
  }

  List<NodeInfo> all() {
    return List.copyOf(members.values());
  }

  boolean contains(long nodeId) {
    return members.containsKey(nodeId);
  }

  boolean isRemoved(long nodeId) {
    return removed.containsKey(nodeId);
  }

  /** Why the node is not let in. */
  @Nullable Reply refusal(NodeInfo asked) {
    for (NodeInfo gone : removed.values()) {
      if (gone.getStoreId().equals(asked.getStoreId())) {
        return CatalogStateMachine.refuse(
            "this data directory belonged to node "
                + gone.getNodeId()
                + ", which was removed for good: empty it to join as a new node");
      }
    }
    if (find(asked).isPresent()) {
      return null;
    }
    return members.values().stream()
        .filter(known -> known.getAddress().equals(asked.getAddress()))
        .findFirst()
        .map(
            known ->
                CatalogStateMachine.refuse(
                    "the address "
                        + asked.getAddress()
                        + " belongs to node "
                        + known.getNodeId()
                        + ", whose data directory is another one; use another address"))
        .orElse(null);
  }

  private Optional<NodeInfo> find(NodeInfo asked) {
    return members.values().stream()
        .filter(known -> known.getStoreId().equals(asked.getStoreId()))
        .findFirst();
  }

  /**
   * Takes over what a known node says of itself. Its address may be where another node was before:
   * two may have changed places. No third can be misled, each stream names the node it is for.
   *
   * @return its id; empty if it is new
   */
  Optional<Long> known(NodeInfo asked) {
    Optional<NodeInfo> before = find(asked);
    before.ifPresent(
        node ->
            store(asked.toBuilder().setNodeId(node.getNodeId()).setMode(node.getMode()).build()));
    return before.map(NodeInfo::getNodeId);
  }

  /** A new node gets the id. */
  long add(NodeInfo asked, long id) {
    store(asked.toBuilder().setNodeId(id).clearMode().build());
    return id;
  }

  void remove(long nodeId) {
    NodeInfo node = members.remove(nodeId);
    if (node != null) {
      removed.put(nodeId, node);
      rows.delete(Table.DATA, CatalogStateMachine.row(MEMBER, nodeId));
      rows.put(
          Table.DATA, CatalogStateMachine.row(REMOVED, nodeId), CatalogStateMachine.encode(node));
    }
  }

  /** False if there is no such node. */
  boolean setMode(long nodeId, NodeMode mode) {
    NodeInfo node = members.get(nodeId);
    if (node != null && node.getMode() != mode) {
      store(node.toBuilder().setMode(mode).build());
    }
    return node != null;
  }

  /** Why the node gets no replica; empty if it may. */
  String whyNotReceiving(long nodeId) {
    NodeInfo node = members.get(nodeId);
    if (node == null) {
      return "there is no node " + nodeId + ": 'flotilla node list' shows them all";
    }
    return switch (node.getMode()) {
      case NODE_MODE_ACTIVE -> "";
      case NODE_MODE_DRAINING ->
          "node %d drains: 'flotilla node undrain %d' lets it take replicas again"
              .formatted(nodeId, nodeId);
      case NODE_MODE_LOST, UNRECOGNIZED ->
          "node %d was said to be lost: it gets no replicas".formatted(nodeId);
    };
  }

  static Reply notFound(long nodeId) {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_NOT_FOUND,
        "there is no node " + nodeId + ": 'flotilla node list' shows them all");
  }

  private void store(NodeInfo node) {
    members.put(node.getNodeId(), node);
    seed(rows, node);
  }
}
