package io.flotilla.shard;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.shard.placement.NodeView;
import io.flotilla.shard.placement.NodeView.Health;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks all nodes how they are, as long as this one leads the system shard. Confined to its loop;
 * answers come back there.
 *
 * <p>Who has just begun to watch knows nothing: a node counts as silent until it was heard, and can
 * be dead only after this watch has lasted for long enough.
 */
final class NodeWatch {
  private static final String ZONE = "zone";
  private static final int ASK_TIMEOUT_MILLIS = 1_000;

  private static final class Watched {
    long heardNanos;
    boolean heard;
    boolean asking;
    NodeStatusReply status = NodeStatusReply.getDefaultInstance();

    Watched(long nanos) {
      this.heardNanos = nanos;
    }
  }

  private final HostParts parts;
  private final Executor loop;
  private final Map<Long, Watched> nodes = new TreeMap<>();

  NodeWatch(HostParts parts, Executor loop) {
    this.parts = parts;
    this.loop = loop;
  }

  /** Whoever watches from now on knows nothing yet. */
  void reset() {
    nodes.clear();
  }

  /** One question to each node that owes no answer. */
  void ask(List<NodeInfo> members) {
    nodes.keySet().retainAll(members.stream().map(NodeInfo::getNodeId).toList());
    for (NodeInfo member : members) {
      long id = member.getNodeId();
      Watched node = nodes.computeIfAbsent(id, n -> new Watched(parts.clock().nanos()));
      if (!node.asking) {
        node.asking = true;
        var unused =
            parts
                .cluster()
                .apply(question(id))
                .whenComplete((reply, failure) -> loop.execute(() -> answered(node, reply)));
      }
    }
  }

  private static Request question(long nodeId) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setNodeId(nodeId).setTimeoutMillis(ASK_TIMEOUT_MILLIS))
        .setNodeStatus(NodeStatusRequest.newBuilder().setNodeId(nodeId).setIncludeLoads(true))
        .build();
  }

  private void answered(Watched node, @Nullable Reply reply) {
    node.asking = false;
    if (reply != null && reply.hasNodeStatus()) {
      node.heard = true;
      node.heardNanos = parts.clock().nanos();
      node.status = reply.getNodeStatus();
    }
  }

  private Health health(@Nullable Watched node) {
    if (node == null) {
      return Health.SILENT;
    }
    long silent = parts.clock().nanos() - node.heardNanos;
    SchedulerConfig config = parts.config().scheduler();
    if (silent >= TimeUnit.MILLISECONDS.toNanos(config.deadMillis())) {
      return Health.DEAD;
    }
    return node.heard && silent < TimeUnit.MILLISECONDS.toNanos(config.silentMillis())
        ? Health.UP
        : Health.SILENT;
  }

  /** The node as it is known now. */
  NodeView view(NodeInfo info) {
    Watched node = nodes.get(info.getNodeId());
    int used = node == null ? 0 : node.status.getUsedPercent();
    return new NodeView(
        info.getNodeId(), info.getLabelsOrDefault(ZONE, ""), info.getMode(), health(node), used);
  }

  /** How long nothing was heard of the node, in nanoseconds; empty: it is not watched. */
  Optional<Long> silentNanos(long nodeId) {
    return Optional.ofNullable(nodes.get(nodeId))
        .map(node -> parts.clock().nanos() - node.heardNanos);
  }

  /** What the leaders say of their shards, by shard. */
  Map<Long, ShardLoad> loads() {
    Map<Long, ShardLoad> loads = new TreeMap<>();
    for (Watched node : nodes.values()) {
      for (ShardLoad load : node.status.getLoadsList()) {
        loads.merge(
            load.getShardId(),
            load,
            (one, other) -> other.getRangeVersion() > one.getRangeVersion() ? other : one);
      }
    }
    return loads;
  }
}
