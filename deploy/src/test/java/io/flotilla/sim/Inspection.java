package io.flotilla.sim;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Consistency;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.NodeStatusRequest;
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
    checkTiling(byShard, faults);
    return faults;
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
    if (replicas.size() != first.getShard().getReplicasCount()) {
      faults.add(shard + "has " + replicas.size() + " replicas");
    }
    if (replicas.stream().filter(r -> r.getRole() == RaftRole.RAFT_ROLE_LEADER).count() != 1) {
      faults.add(shard + "does not have one leader");
    }
    if (replicas.stream().map(ReplicaStatus::getAppliedIndex).distinct().count() != 1
        || replicas.stream().map(ReplicaStatus::getShard).distinct().count() != 1) {
      faults.add(shard + "its replicas are not at one point");
      return;
    }
    if (first.getShardId() != 1) {
      compareRows(first, replicas, faults);
    }
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
