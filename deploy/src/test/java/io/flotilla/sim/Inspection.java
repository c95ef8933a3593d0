package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Looks into the nodes of a world that has come to rest. */
final class Inspection {
  private static final long PATIENCE_NANOS = 5 * World.SECONDS;
  private static final ByteString FIRST = ByteString.EMPTY;

  private final World world;
  private final List<SimNode> nodes;
  private final Map<Long, SimNode> byId = new TreeMap<>();

  Inspection(World world, List<SimNode> nodes) {
    this.world = world;
    this.nodes = nodes;
  }

  /** What is not as it must be once all is healed and quiet; empty: all is well. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    Map<Long, List<ReplicaStatus>> byShard = new TreeMap<>();
    for (SimNode node : nodes) {
      if (node.isLost()) {
        continue; // nobody has removed it yet
      }
      Optional<NodeStatusReply> status = status(node);
      if (status.isEmpty()) {
        faults.add("a node does not say its state");
        continue;
      }
      byId.put(status.get().getNodeId(), node);
      for (ReplicaStatus replica : status.get().getReplicasList()) {
        byShard.computeIfAbsent(replica.getShardId(), id -> new ArrayList<>()).add(replica);
      }
    }
    byShard.values().forEach(replicas -> check(replicas, faults));
    operations()
        .ifPresentOrElse(
            all ->
                all.stream()
                    .filter(operation -> operation.getEndedMillis() == 0)
                    .forEach(operation -> faults.add("does not end: " + operation)),
            () -> faults.add("nobody says which operations there are"));
    checkTiling(byShard, faults);
    return faults;
  }

  /** All operations that the leader of the catalog knows of; empty: there is none now. */
  Optional<List<Operation>> operations() {
    Request question =
        Request.newBuilder()
            .setPlacement(
                PlacementRequest.newBuilder()
                    .setListOperations(ListOperationsRequest.newBuilder().setIncludeEnded(true)))
            .build();
    return nodes.stream()
        .flatMap(node -> ask(node, question).stream())
        .filter(Reply::hasPlacement)
        .map(reply -> reply.getPlacement().getOperations().getOperationsList())
        .findFirst();
  }

  private void check(List<ReplicaStatus> replicas, List<String> faults) {
    ReplicaStatus first = replicas.get(0);
    String shard = "shard " + first.getShardId() + ": ";
    if (replicas.stream().anyMatch(r -> r.getRole() == RaftRole.RAFT_ROLE_UNSPECIFIED)) {
      faults.add(shard + "a replica has stopped");
      return;
    }
    boolean joint =
        first.getShard().getReplicasList().stream()
            .anyMatch(
                r ->
                    r.getRole() != ReplicaRole.REPLICA_ROLE_VOTER
                        && r.getRole() != ReplicaRole.REPLICA_ROLE_LEARNER);
    if (joint) {
      faults.add(shard + "a joint membership was not left");
    }
    long expected =
        first.getShard().getReplicasList().stream()
            .filter(replica -> !isLost(replica.getNodeId()))
            .count();
    if (replicas.size() != expected) {
      faults.add(shard + "has " + replicas.size() + " replicas");
    }
    if (replicas.stream().filter(r -> r.getRole() == RaftRole.RAFT_ROLE_LEADER).count() != 1) {
      faults.add(shard + "does not have one leader");
    }
    if (replicas.stream().map(ReplicaStatus::getAppliedIndex).distinct().count() != 1
        || replicas.stream().map(ReplicaStatus::getShard).distinct().count() != 1) {
      String points =
          replicas.stream()
              .map(r -> r.getNodeId() + ": " + r.getAppliedIndex() + " of " + r.getLastIndex())
              .collect(Collectors.joining(", "));
      faults.add(shard + "its replicas are not at one point: " + points);
      return;
    }
    if (first.getShardId() != 1) {
      compareRows(first, replicas, faults);
    }
  }

  private boolean isLost(long nodeId) {
    return nodes.stream().anyMatch(node -> node.isLost() && node.lastId() == nodeId);
  }

  private void compareRows(ReplicaStatus first, List<ReplicaStatus> replicas, List<String> faults) {
    Optional<List<Row>> expected = rows(first);
    for (ReplicaStatus replica : replicas) {
      Optional<List<Row>> found = rows(replica);
      if (expected.isEmpty() || found.isEmpty()) {
        faults.add("shard " + first.getShardId() + ": cannot be scanned on a node");
      } else if (!found.equals(expected)) {
        faults.add(
            "shard "
                + first.getShardId()
                + ": nodes "
                + first.getNodeId()
                + " and "
                + replica.getNodeId()
                + " differ at index "
                + first.getAppliedIndex());
      }
    }
  }

  private void checkTiling(Map<Long, List<ReplicaStatus>> byShard, List<String> faults) {
    List<KeyRange> ranges =
        byShard.values().stream()
            .map(replicas -> replicas.get(0))
            .filter(replica -> replica.getShardId() != 1)
            .map(replica -> replica.getShard().getRange())
            .sorted(
                Comparator.comparing(
                    KeyRange::getStart, ByteString.unsignedLexicographicalComparator()))
            .toList();
    ByteString expected = FIRST;
    for (KeyRange range : ranges) {
      if (!range.getStart().equals(expected)) {
        faults.add("the shards do not tile the key space: " + ranges);
        return;
      }
      expected = range.getEnd();
    }
    if (ranges.isEmpty() || !expected.isEmpty()) {
      faults.add("the shards do not reach to the end of the key space: " + ranges);
    }
  }

  private Optional<NodeStatusReply> status(SimNode node) {
    return ask(
            node,
            Request.newBuilder()
                .setNodeStatus(NodeStatusRequest.newBuilder().setIncludeReplicas(true))
                .build())
        .map(Reply::getNodeStatus);
  }

  /** All rows of one replica, in order; empty if it does not give them now. */
  private Optional<List<Row>> rows(ReplicaStatus replica) {
    SimNode node = Objects.requireNonNull(byId.get(replica.getNodeId()));
    List<Row> rows = new ArrayList<>();
    KeyRange rest = replica.getShard().getRange();
    while (true) {
      Request request =
          Request.newBuilder()
              .setContext(
                  Context.newBuilder()
                      .setShardId(replica.getShardId())
                      .setConsistency(Consistency.CONSISTENCY_STALE))
              .setScan(ScanRequest.newBuilder().setRange(rest))
              .build();
      Optional<Reply> reply = ask(node, request);
      if (reply.isEmpty() || reply.get().hasError()) {
        return Optional.empty();
      }
      rows.addAll(reply.get().getScan().getRowsList());
      if (!reply.get().getScan().hasNext()) {
        return Optional.of(rows);
      }
      rest = reply.get().getScan().getNext();
    }
  }

  private Optional<Reply> ask(SimNode node, Request request) {
    if (node.serving().isEmpty()) {
      return Optional.empty();
    }
    var future = node.serving().get().node().local().execute(request);
    long until = world.now() + PATIENCE_NANOS;
    while (!future.isDone() && world.now() < until && world.step()) {
      continue;
    }
    return future.isDone() ? Optional.of(future.join()) : Optional.empty();
  }
}
