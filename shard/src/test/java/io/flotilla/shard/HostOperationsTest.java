package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.change;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.learner;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.stale;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.CancelOperationRequest;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ExplainShardRequest;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.MoveReplicaRequest;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.contract.v1.PlacementReply;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.PlanReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SetNodeModeRequest;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Operations over whole hosts; node 4 begins without any replica. */
class HostOperationsTest {
  private static final long SHARD = 2;
  private static final long SYSTEM = ShardDescriptor.SYSTEM_SHARD_ID;

  private static HostConfig config(SchedulerConfig scheduler) {
    HostConfig plain = TestNode.config();
    return new HostConfig(
        plain.loops(),
        plain.tickMillis(),
        plain.heartbeatTicks(),
        plain.electionTicks(),
        plain.mailboxCalls(),
        plain.memtableBytes(),
        plain.flushMillis(),
        plain.retainedEntries(),
        plain.snapshots(),
        scheduler,
        plain.leaderLease(),
        plain.maxSessions());
  }

  /** Only what is asked for is done. */
  private final TestCluster cluster = new TestCluster(3, 1, config(TestNode.SCHEDULER));

  /** Nodes are dead after a second. */
  private static TestCluster automatic(int size, int spare) {
    return new TestCluster(
        size,
        spare,
        config(new SchedulerConfig(true, 1, 300, 600, 1_000, 2, 8, SplitConfig.NEVER)));
  }

  private static PlacementReply ask(TestCluster cluster, PlacementRequest.Builder request) {
    Reply reply = cluster.ask(SYSTEM, Request.newBuilder().setPlacement(request).build());
    assertThat(reply.hasPlacement()).as(reply.toString()).isTrue();
    return reply.getPlacement();
  }

  private long move(long from, long to) {
    PlanReply plan =
        ask(
                cluster,
                PlacementRequest.newBuilder()
                    .setMoveReplica(
                        MoveReplicaRequest.newBuilder()
                            .setShardId(SHARD)
                            .setFromNodeId(from)
                            .setToNodeId(to)))
            .getPlan();
    return plan.getMoves(0).getOperationId();
  }

  private static Operation operation(TestCluster cluster, long id) {
    return ask(
            cluster,
            PlacementRequest.newBuilder()
                .setListOperations(ListOperationsRequest.newBuilder().setOperationId(id)))
        .getOperations()
        .getOperations(0);
  }

  private OperationState ends(long id) {
    cluster.tickUntil("operation " + id + " has ended", () -> hasEnded(id));
    return operation(cluster, id).getState();
  }

  private boolean hasEnded(long id) {
    return cluster.leader(SYSTEM).catalog().operationsUnderWay().stream()
        .noneMatch(operation -> operation.getOperationId() == id);
  }

  private static Set<Long> nodes(TestCluster cluster, long shardId) {
    return cluster.leader(shardId).replica(shardId).descriptor().replicas().stream()
        .map(ReplicaDescriptor::nodeId)
        .collect(Collectors.toSet());
  }

  private void healthyNodesAreKnown() {
    cluster.leader(SYSTEM);
    cluster.tick(5);
  }

  @Test
  void moveGoesThroughLearnerAndJointChangeToItsEnd() {
    cluster.ask(SHARD, put("a", "1"));
    healthyNodesAreKnown();

    long id = move(1, 4);

    assertThat(ends(id)).isEqualTo(OperationState.OPERATION_STATE_DONE);
    assertThat(nodes(cluster, SHARD)).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(cluster.leader(SHARD).replica(SHARD).descriptor().isJoint()).isFalse();
    cluster.tickUntil(
        "the old replica is gone", () -> cluster.node(1).host().replica(SHARD).isEmpty());
    cluster.tickUntil(
        "node 4 has the row",
        () ->
            cluster
                .node(4)
                .askHere(stale(SHARD, get("a")))
                .getGet()
                .getValue()
                .toStringUtf8()
                .equals("1"));
  }

  @Test
  void nextLeaderOfTheCatalogGoesOnWithWhatWasBegun_M13() {
    healthyNodesAreKnown();
    TestNode first = cluster.leader(SYSTEM);
    long id = move(otherThan(first.id()), 4);
    cluster.tick();
    cluster.cutOff(first.id());
    cluster.tickUntil("another leads", () -> !cluster.leader(SYSTEM).equals(first));
    cluster.heal();

    assertThat(ends(id)).isEqualTo(OperationState.OPERATION_STATE_DONE);
    assertThat(nodes(cluster, SHARD)).contains(4L).hasSize(3);
  }

  private long otherThan(long node) {
    return node == 1 ? 2 : 1;
  }

  @Test
  void secondOperationOfAShardIsRefused_M13() {
    healthyNodesAreKnown();
    cluster.cutOff(4);
    long id = move(1, 4);

    Reply second =
        cluster.ask(
            SYSTEM,
            Request.newBuilder()
                .setPlacement(
                    PlacementRequest.newBuilder()
                        .setMoveReplica(
                            MoveReplicaRequest.newBuilder()
                                .setShardId(SHARD)
                                .setFromNodeId(2)
                                .setToNodeId(4)))
                .build());

    assertThat(second.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(second.getError().getMessage()).contains("operation " + id);
  }

  @Test
  void cancelledOperationLeavesTheShardAsItWas() {
    healthyNodesAreKnown();
    cluster.cutOff(4); // so the learner never catches up
    long id = move(1, 4);
    cluster.tickUntil("there is a learner", () -> nodes(cluster, SHARD).contains(4L));

    ask(
        cluster,
        PlacementRequest.newBuilder()
            .setCancelOperation(CancelOperationRequest.newBuilder().setOperationId(id)));

    assertThat(ends(id)).isEqualTo(OperationState.OPERATION_STATE_CANCELLED);
    assertThat(nodes(cluster, SHARD)).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void stepOfACancelledOperationComesLateAndIsRefused_M13() {
    healthyNodesAreKnown();
    cluster.cutOff(4);
    long id = move(1, 4);
    cluster.tickUntil("there is a learner", () -> nodes(cluster, SHARD).contains(4L));
    long oldFence = operation(cluster, id).getFence();
    ask(
        cluster,
        PlacementRequest.newBuilder()
            .setCancelOperation(CancelOperationRequest.newBuilder().setOperationId(id)));
    ends(id);

    Request late = change(SHARD, learner(4));
    Reply reply =
        cluster.ask(
            SHARD,
            late.toBuilder()
                .setChangeReplicas(late.getChangeReplicas().toBuilder().setFence(oldFence))
                .build());

    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(nodes(cluster, SHARD)).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void fenceSurvivesARestart() {
    healthyNodesAreKnown();
    long id = move(1, 4);
    ends(id);
    long fence = cluster.leader(SHARD).replica(SHARD).applier().membershipFence();
    assertThat(fence).isEqualTo(id);

    TestNode member = cluster.node(4);
    cluster.tick(10);
    member.restart();
    cluster.tick(2);

    assertThat(member.replica(SHARD).applier().membershipFence()).isEqualTo(fence);
  }

  @Test
  void operationToANodeThatDoesNotAnswerIsTakenBack() {
    healthyNodesAreKnown();
    long id = move(1, 4);
    cluster.cutOff(4);

    assertThat(ends(id)).isEqualTo(OperationState.OPERATION_STATE_CANCELLED);
    assertThat(operation(cluster, id).getNote()).contains("node 4 does not answer");
    assertThat(nodes(cluster, SHARD)).containsExactlyInAnyOrder(1L, 2L, 3L);
  }

  @Test
  void drainedNodeHoldsNothingInTheEnd() {
    TestCluster four = automatic(3, 1);
    four.ask(SHARD, put("a", "1"));
    four.tick(5);

    ask(
        four,
        PlacementRequest.newBuilder()
            .setSetNodeMode(
                SetNodeModeRequest.newBuilder().setNodeId(1).setMode(NodeMode.NODE_MODE_DRAINING)));

    four.tickUntil(
        "node 1 is empty",
        () ->
            four.node(1).host().replica(SHARD).isEmpty()
                && four.node(1).host().replica(SYSTEM).isEmpty());
    assertThat(nodes(four, SHARD)).containsExactlyInAnyOrder(2L, 3L, 4L);
    assertThat(four.ask(SHARD, get("a")).getGet().getValue().toStringUtf8()).isEqualTo("1");
  }

  @Test
  void replicasOfADeadNodeAreRebuiltElsewhere() {
    TestCluster four = automatic(3, 1);
    four.ask(SHARD, put("a", "1"));
    four.tick(5);

    four.cutOff(3);

    four.tickUntil("node 3 is left", () -> !nodes(four, SHARD).contains(3L));
    assertThat(nodes(four, SHARD)).containsExactlyInAnyOrder(1L, 2L, 4L);
  }

  @Test
  void newNodesGetTheReplicasThatAreMissing() {
    TestCluster three = automatic(1, 2);

    three.tickUntil("the catalog has three", () -> nodes(three, SYSTEM).size() == 3);
    three.tick(20);
    assertThat(nodes(three, SHARD)).as("as there is to be").hasSize(1);
  }

  @Test
  void onlyReplicaOfAShardMovesAsWell() {
    TestCluster two = new TestCluster(1, 1, config(TestNode.SCHEDULER));
    two.ask(SHARD, put("a", "1"));
    two.tick(5);
    ask(
        two,
        PlacementRequest.newBuilder()
            .setMoveReplica(
                MoveReplicaRequest.newBuilder().setShardId(SHARD).setFromNodeId(1).setToNodeId(2)));

    two.tickUntil("it is on node 2 alone", () -> nodes(two, SHARD).equals(Set.of(2L)));
    assertThat(two.ask(SHARD, get("a")).getGet().getValue().toStringUtf8()).isEqualTo("1");
  }

  @Test
  void copyWithoutAVoteThatNobodyUsesGoes() {
    TestCluster four = automatic(3, 1);
    four.tick(5);
    four.ask(SHARD, change(SHARD, learner(4)));

    four.tickUntil("it is gone", () -> nodes(four, SHARD).equals(Set.of(1L, 2L, 3L)));
  }

  @Test
  void removalThatWasDecidedOnAnotherMembershipIsTakenBack() {
    healthyNodesAreKnown();
    long version = cluster.leader(SHARD).replica(SHARD).descriptor().epoch().membershipVersion();
    cluster.tickUntil(
        "the learner is there",
        () -> cluster.ask(SHARD, change(SHARD, learner(4))).hasChangeReplicas());
    Reply begun =
        cluster.ask(
            SYSTEM,
            Request.newBuilder()
                .setCatalogUpdate(
                    CatalogUpdateRequest.newBuilder()
                        .setBeginOperation(
                            Operation.newBuilder()
                                .setShardId(SHARD)
                                .setFromNodeId(1)
                                .setMembershipVersion(version)))
                .build());

    cluster.tick(100);

    assertThat(nodes(cluster, SHARD)).as(begun.toString()).contains(1L);
  }

  @Test
  void shardIsExplained() {
    healthyNodesAreKnown();

    String text =
        ask(
                cluster,
                PlacementRequest.newBuilder()
                    .setExplainShard(ExplainShardRequest.newBuilder().setShardId(SHARD)))
            .getExplanation()
            .getText();

    assertThat(text)
        .isEqualTo(
            "moves its replica from node 1 to node 4: node 1 holds 2 replicas, node 4 holds 0");
  }

  @Test
  void whoDoesNotLeadTheCatalogSaysWhoDoes() {
    TestNode leader = cluster.leader(SYSTEM);
    TestNode other =
        List.copyOf(cluster.nodes()).stream()
            .filter(n -> n != leader && n.host().replica(SYSTEM).isPresent())
            .findFirst()
            .orElseThrow();

    Reply reply =
        other.askHere(
            at(
                SYSTEM,
                Request.newBuilder()
                    .setPlacement(
                        PlacementRequest.newBuilder()
                            .setListOperations(ListOperationsRequest.getDefaultInstance()))
                    .build()));

    assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
  }
}
