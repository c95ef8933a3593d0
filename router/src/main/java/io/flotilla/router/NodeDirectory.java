package io.flotilla.router;

import io.flotilla.contract.v1.NodeInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes there are and where they listen, to clients or to nodes. Thread-safe. Node ids are
 * never reused.
 */
public final class NodeDirectory {
  private final boolean forNodes;
  private volatile NavigableMap<Long, NodeInfo> current =
      Collections.unmodifiableNavigableMap(new TreeMap<>());

  /** Where nodes listen to clients. */
  public NodeDirectory() {
    this(false);
  }

  /**
   * A directory of one of the two ports.
   *
   * @param forNodes whether it is the one for other nodes
   */
  NodeDirectory(boolean forNodes) {
    this.forNodes = forNodes;
  }

  /** Adds nodes and replaces what is known of those that are known already. */
  public synchronized void merge(Collection<NodeInfo> nodes) {
    if (!nodes.isEmpty()) {
      change(current, nodes);
    }
  }

  /** Forgets all nodes but these. */
  synchronized void replace(Collection<NodeInfo> nodes) {
    change(Map.of(), nodes);
  }

  private void change(Map<Long, NodeInfo> before, Collection<NodeInfo> nodes) {
    NavigableMap<Long, NodeInfo> after = new TreeMap<>(before);
    nodes.forEach(node -> after.put(node.getNodeId(), node));
    current = Collections.unmodifiableNavigableMap(after);
  }

  /** How many nodes are known. */
  public int size() {
    return current.size();
  }

  /** All known nodes by id. */
  public List<NodeInfo> nodes() {
    return new ArrayList<>(current.values());
  }

  /** Where the node listens; null: not known, or its address makes no sense. */
  public @Nullable NodeAddress address(long nodeId) {
    NodeInfo node = current.get(nodeId);
    return node == null ? null : parse(node);
  }

  /** All known addresses by node id. */
  List<NodeAddress> addresses() {
    List<NodeAddress> found = new ArrayList<>();
    for (NodeInfo node : current.values()) {
      NodeAddress address = parse(node);
      if (address != null) {
        found.add(address);
      }
    }
    return found;
  }

  private @Nullable NodeAddress parse(NodeInfo node) {
    boolean apart = forNodes && !node.getPeerAddress().isEmpty();
    try {
      return NodeAddress.parse(apart ? node.getPeerAddress() : node.getAddress());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
