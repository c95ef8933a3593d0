package io.flotilla.shard.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.ShardDescriptor;
import io.flotilla.internal.v1.BootstrapPlan;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FormationTest {
  private static final ByteString BLUE = ByteString.copyFromUtf8("blue");
  private static final ByteString RED = ByteString.copyFromUtf8("red");
  private static final Member A = member("a:1");
  private static final Member B = member("b:1");
  private static final Member C = member("c:1");
  private static final BootstrapPlan PLAN_OF_ALL = Formation.plan(BLUE, List.of(A, B, C), 3);
  private static final BootstrapPlan PLAN_OF_OTHERS = Formation.plan(BLUE, List.of(B, C), 3);

  private static Member member(String address) {
    return new Member(
        Addresses.shared(address), ByteString.copyFromUtf8("store of " + address), Map.of());
  }

  private static ProbeReply saying(Member member) {
    return ProbeReply.newBuilder()
        .setAddress(member.address())
        .setStoreId(member.storeId())
        .build();
  }

  private static Probe empty(Member member) {
    return Probe.answered(member.address(), saying(member));
  }

  private static Probe of(ByteString cluster, Member member) {
    return Probe.answered(
        member.address(), saying(member).toBuilder().setClusterId(cluster).build());
  }

  private static Probe with(BootstrapPlan plan, Member member) {
    return Probe.answered(
        member.address(),
        saying(member).toBuilder().setClusterId(plan.getClusterId()).setPlan(plan).build());
  }

  private static Probe silent(Member member) {
    return Probe.failed(member.address(), "no answer");
  }

  private static Arguments row(String what, Member self, List<Probe> probes, Decision decision) {
    return Arguments.of(what, self, probes, decision);
  }

  static Stream<Arguments> table() {
    return Stream.of(
        row("alone", A, List.of(), new Decision.Found(List.of(A))),
        row(
            "all empty, lowest address",
            A,
            List.of(empty(C), empty(B)),
            new Decision.Found(List.of(A, B, C))),
        row(
            "all empty, not the lowest",
            B,
            List.of(empty(A), empty(C)),
            new Decision.Wait("waits for a:1 to found the cluster")),
        row(
            "one silent",
            A,
            List.of(empty(B), silent(C)),
            new Decision.Wait("waits for c:1 (no answer)")),
        row(
            "all silent",
            A,
            List.of(silent(B), silent(C)),
            new Decision.Wait("waits for b:1 (no answer), c:1 (no answer)")),
        row(
            "own name twice in the list",
            A,
            List.of(Probe.answered("localhost:1", saying(A)), empty(B)),
            new Decision.Found(List.of(A, B))),
        row(
            "another one twice in the list",
            A,
            List.of(empty(B), Probe.answered("bee:1", saying(B))),
            new Decision.Found(List.of(A, B))),
        row(
            "named by a plan",
            C,
            List.of(with(PLAN_OF_ALL, A), empty(B)),
            new Decision.Adopt(PLAN_OF_ALL)),
        row(
            "named by a plan while others are silent",
            C,
            List.of(silent(A), with(PLAN_OF_ALL, B)),
            new Decision.Adopt(PLAN_OF_ALL)),
        row(
            "a plan of others",
            A,
            List.of(with(PLAN_OF_OTHERS, B), empty(C)),
            new Decision.Join(List.of("b:1"))),
        row(
            "a cluster",
            A,
            List.of(of(BLUE, B), of(BLUE, C)),
            new Decision.Join(List.of("b:1", "c:1"))),
        row(
            "a cluster while others are silent or empty",
            A,
            List.of(silent(B), of(BLUE, C), empty(member("d:1"))),
            new Decision.Join(List.of("c:1"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void decides(String what, Member self, List<Probe> probes, Decision decision) {
    assertThat(Formation.decide(self, probes)).isEqualTo(decision);
  }

  @Test
  void refusesTwoClusters() {
    Decision decision = Formation.decide(A, List.of(of(BLUE, B), of(RED, C), silent(A)));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refuse.class,
            refuse -> assertThat(refuse.reason()).contains("different clusters", "b:1", "c:1"));
  }

  @Test
  void refusesTwoNodesAtOneAddress() {
    Member twin =
        new Member(Addresses.shared("b:1"), ByteString.copyFromUtf8("another store"), Map.of());
    Decision decision = Formation.decide(A, List.of(empty(B), Probe.answered("c:1", saying(twin))));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refuse.class,
            refuse -> assertThat(refuse.reason()).contains("b:1", "advertise"));
    assertThat(Formation.decide(B, List.of(Probe.answered("c:1", saying(twin)))))
        .isInstanceOf(Decision.Refuse.class);
  }

  @Test
  void exactlyOneOfEmptyNodesFounds() {
    List<Member> all = List.of(C, A, B);

    List<Decision> decisions =
        all.stream()
            .map(
                self ->
                    Formation.decide(
                        self,
                        all.stream()
                            .filter(other -> !other.equals(self))
                            .map(FormationTest::empty)
                            .toList()))
            .toList();

    assertThat(decisions).filteredOn(Decision.Found.class::isInstance).hasSize(1);
    assertThat(decisions).filteredOn(Decision.Wait.class::isInstance).hasSize(2);
  }

  @Test
  void planHasTheSystemShardAndOneShardOfAllKeys() {
    BootstrapPlan plan = Formation.plan(BLUE, List.of(A, B, C), 3);

    assertThat(plan.getClusterId()).isEqualTo(BLUE);
    assertThat(plan.getNodesList())
        .extracting(NodeInfo::getNodeId, NodeInfo::getAddress, NodeInfo::getStoreId)
        .containsExactly(
            tuple(1L, "a:1", A.storeId()),
            tuple(2L, "b:1", B.storeId()),
            tuple(3L, "c:1", C.storeId()));
    assertThat(plan.getShardsList())
        .extracting(ShardDescriptor::getShardId)
        .containsExactly(1L, 2L);
    for (ShardDescriptor shard : plan.getShardsList()) {
      assertThat(Descriptors.fromProto(shard.getRange())).isEqualTo(KeyRange.ALL);
      assertThat(Descriptors.fromProto(shard.getEpoch())).isEqualTo(ShardEpoch.FIRST);
      assertThat(shard.getReplicasList())
          .extracting(Replica::getNodeId)
          .containsExactly(1L, 2L, 3L);
      assertThat(shard.getReplicasList())
          .extracting(Replica::getRole)
          .containsOnly(ReplicaRole.REPLICA_ROLE_VOTER);
    }
  }

  @Test
  void planUsesEachReplicaIdOnce() {
    BootstrapPlan plan = Formation.plan(BLUE, List.of(A, B, C), 3);

    assertThat(plan.getShardsList().stream().flatMap(s -> s.getReplicasList().stream()))
        .extracting(Replica::getReplicaId)
        .doesNotHaveDuplicates();
  }

  @Test
  void planHasNoMoreCopiesThanNodesNorThanWanted() {
    assertThat(Formation.plan(BLUE, List.of(A), 3).getShards(0).getReplicasCount()).isEqualTo(1);
    BootstrapPlan two = Formation.plan(BLUE, List.of(A, B, C), 2);
    assertThat(two.getShards(1).getReplicasCount()).isEqualTo(2);
    assertThat(two.getNodesCount()).isEqualTo(3);
  }
}
