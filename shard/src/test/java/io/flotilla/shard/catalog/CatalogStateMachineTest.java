package io.flotilla.shard.catalog;

import static io.flotilla.shard.catalog.TestCatalog.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.RemoveNodeRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReserveReplicas;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CatalogStateMachineTest {
  private final TestCatalog catalog = new TestCatalog();

  private static Route route(ShardEpoch epoch, long leader, long term) {
    ShardDescriptor first = TestCatalog.FIRST_USER;
    return Descriptors.route(
        new ShardDescriptor(first.shardId(), first.range(), epoch, first.replicas()), leader, term);
  }

  private static GetCatalogReply read(TestCatalog catalog, long knownVersion) {
    return catalog
        .machine()
        .read(GetCatalogRequest.newBuilder().setKnownVersion(knownVersion).build(), false);
  }

  private static long id(Reply reply) {
    assertThat(reply.hasCatalogUpdate()).as(reply.toString()).isTrue();
    return reply.getCatalogUpdate().getId();
  }

  @Test
  void newClusterIsKnownFromItsSeed() {
    GetCatalogReply all = read(catalog, 0);

    assertThat(all.getUnchanged()).as("who has nothing is told all").isFalse();
    assertThat(all.getClusterId()).isEqualTo(Descriptors.bytes(TestCatalog.CLUSTER));
    assertThat(all.getNodesList()).containsExactly(node("n1"), node("n2"), node("n3"));
    assertThat(all.getRoutesList())
        .containsExactly(Descriptors.route(TestCatalog.FIRST_USER, 0, 0));
  }

  @Test
  void versionRisesWithEachUpdateAndIsKept() {
    catalog.allocate(1);
    long version = catalog.allocate(1).getCatalogUpdate().getVersion();
    assertThat(version).isEqualTo(2);
    assertThat(read(catalog, version).getUnchanged()).isTrue();
    assertThat(read(catalog, version).getRoutesList()).isEmpty();
    assertThat(read(catalog, version - 1).getRoutesCount()).isEqualTo(1);

    catalog.flushAndReopen();

    assertThat(catalog.machine().version()).isEqualTo(version);
  }

  @Test
  void newNodeGetsAnIdOnce() {
    long first = id(catalog.register(node("x")));
    long second = id(catalog.register(node("y")));

    assertThat(first).isGreaterThanOrEqualTo(CatalogStateMachine.FIRST_ALLOCATED_ID);
    assertThat(second).isGreaterThan(first);
    assertThat(id(catalog.register(node("x")))).as("asked again").isEqualTo(first);
    assertThat(catalog.machine().nodes()).hasSize(5);
    assertThat(catalog.machine().nodes()).contains(node("x").toBuilder().setNodeId(first).build());
  }

  @Test
  void knownStoreMayMove() {
    NodeInfo moved = node("n2").toBuilder().clearNodeId().setAddress("elsewhere:1").build();

    assertThat(id(catalog.register(moved))).isEqualTo(2);

    catalog.flushAndReopen();
    assertThat(catalog.machine().nodes()).hasSize(3);
    assertThat(catalog.machine().nodes().get(1).getAddress()).isEqualTo("elsewhere:1");
  }

  @Test
  void twoNodesMayChangePlacesWhicheverTellsFirst() {
    for (long first : new long[] {1, 3}) {
      TestCatalog fresh = new TestCatalog();
      long second = 4 - first;
      NodeInfo one = node("n" + first).toBuilder().setAddress("n" + second + ":1").build();
      NodeInfo other = node("n" + second).toBuilder().setAddress("n" + first + ":1").build();

      assertThat(id(fresh.register(one))).isEqualTo(first);
      assertThat(id(fresh.register(other))).isEqualTo(second);

      assertThat(fresh.machine().nodes())
          .extracting(NodeInfo::getAddress)
          .containsExactly("n3:1", "n2:1", "n1:1");
    }
  }

  @Test
  void newStoreAtTheAddressOfAnotherIsRefused() {
    for (String known : List.of("n1", "n3")) {
      Reply reply = catalog.register(node("wiped").toBuilder().setAddress(known + ":1").build());

      assertThat(reply.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
      assertThat(reply.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
      assertThat(reply.getError().getMessage()).contains(known + ":1");
    }
    assertThat(catalog.machine().nodes()).hasSize(3);
  }

  /** M16: ids come from the catalog alone. */
  @Test
  void idsAreUsedForNothingElse() {
    SplittableRandom random = new SplittableRandom(4);
    TreeSet<Long> used = new TreeSet<>();
    for (int turn = 0; turn < 300; turn++) {
      boolean joins = random.nextInt(4) == 0;
      int count = joins ? 1 : 1 + random.nextInt(5);
      long first = id(joins ? catalog.register(node("x" + turn)) : catalog.allocate(count));
      for (long id = first; id < first + count; id++) {
        assertThat(used.add(id)).as("id " + id + " given twice").isTrue();
      }
      if (random.nextInt(20) == 0) {
        catalog.flushAndReopen();
      }
    }
    assertThat(used.first()).isEqualTo(CatalogStateMachine.FIRST_ALLOCATED_ID);
    assertThat(used.last() - used.first() + 1).as("none is left out").isEqualTo(used.size());
  }

  @Test
  void numberOfIdsIsBounded() {
    assertThat(catalog.allocate(0).getError().getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
    assertThat(catalog.allocate(10_001).hasError()).isTrue();
    assertThat(catalog.allocate(-1).hasError()).isTrue();
    assertThat(id(catalog.allocate(10_000))).isEqualTo(CatalogStateMachine.FIRST_ALLOCATED_ID);
  }

  /** M17: old news take nothing back. */
  @Test
  void reportThatIsNotNewerChangesNothing() {
    ShardEpoch first = ShardEpoch.FIRST;
    catalog.report(List.of(route(first, 1, 7)));
    catalog.report(List.of(route(first, 2, 6)));
    catalog.report(List.of(route(first, 3, 7)));
    assertThat(catalog.machine().routes()).containsExactly(route(first, 1, 7));

    catalog.report(List.of(route(first, 3, 8)));
    assertThat(catalog.machine().routes()).containsExactly(route(first, 3, 8));
  }

  /** M17: old news take nothing back. */
  @Test
  void epochCountsMoreThanTheTerm() {
    ShardEpoch members = new ShardEpoch(2, 1);
    ShardEpoch split = new ShardEpoch(1, 2);
    catalog.report(List.of(route(ShardEpoch.FIRST, 1, 9)));
    catalog.report(List.of(route(members, 2, 6)));
    assertThat(catalog.machine().routes()).containsExactly(route(members, 2, 6));

    catalog.report(List.of(route(split, 3, 6)));
    catalog.report(List.of(route(members, 1, 99)));
    assertThat(catalog.machine().routes()).containsExactly(route(split, 3, 6));
  }

  private Reply remove(long nodeId) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setRemoveNode(RemoveNodeRequest.newBuilder().setNodeId(nodeId)));
  }

  @Test
  void nodeThatHoldsReplicasIsNotRemoved() {
    Reply refused = remove(1);

    assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_FAILED_PRECONDITION);
    assertThat(refused.getError().getMessage()).contains("replicas of 2 shards", "shard 1");
    assertThat(catalog.machine().nodes()).hasSize(3);
  }

  @Test
  void removedStoreNeverComesBack() {
    long added = id(catalog.register(node("x")));

    assertThat(id(remove(added))).isEqualTo(added);
    assertThat(id(remove(added))).as("asked again").isEqualTo(added);
    catalog.flushAndReopen();

    assertThat(catalog.machine().nodes()).hasSize(3);
    Reply refused = catalog.register(node("x"));
    assertThat(refused.getError().getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
    assertThat(refused.getError().getMessage()).contains("node " + added, "removed for good");
    assertThat(remove(77).getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
  }

  @Test
  void nodeThatIsToGetAReplicaIsKeptUntilItsShardReports() {
    long added = id(catalog.register(node("x")));
    ReserveReplicas.Builder reservation =
        ReserveReplicas.newBuilder().setShardId(2).setMembershipVersion(1).addNodeIds(added);
    long replica =
        id(catalog.update(CatalogUpdateRequest.newBuilder().setReserveReplicas(reservation)));
    assertThat(replica).isGreaterThan(added);
    catalog.flushAndReopen();

    assertThat(remove(added).getError().getMessage()).contains("shard 2 may be about to place");
    catalog.report(List.of(route(ShardEpoch.FIRST, 1, 7)));
    assertThat(remove(added).hasError()).as("that was the membership before").isTrue();
    catalog.report(List.of(route(new ShardEpoch(2, 1), 1, 7)));

    assertThat(id(remove(added))).isEqualTo(added);
    assertThat(
            catalog
                .update(CatalogUpdateRequest.newBuilder().setReserveReplicas(reservation))
                .getError()
                .getCode())
        .as("a removed node gets nothing")
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND);
  }

  @Test
  void systemShardsOwnChangeEndsItsReservation() {
    long added = id(catalog.register(node("x")));
    ReserveReplicas.Builder reservation =
        ReserveReplicas.newBuilder().setShardId(1).setMembershipVersion(1).addNodeIds(added);
    id(catalog.update(CatalogUpdateRequest.newBuilder().setReserveReplicas(reservation)));
    assertThat(remove(added).getError().getMessage()).contains("shard 1 may be about to place");

    ShardDescriptor system = TestCatalog.SYSTEM;
    catalog
        .machine()
        .descriptorChanged(
            new ShardDescriptor(
                1, system.range(), system.epoch().nextMembership(), system.replicas()));

    assertThat(id(remove(added))).isEqualTo(added);
  }

  @Test
  void askedForCertainShardsItTellsTheNewestOfThemAlone() {
    catalog.report(List.of(route(ShardEpoch.FIRST, 1, 7)));
    GetCatalogRequest both =
        GetCatalogRequest.newBuilder().addShardIds(1).addShardIds(2).addShardIds(9).build();

    assertThat(catalog.machine().read(both, true).getRoutesList())
        .containsExactly(
            Descriptors.route(TestCatalog.SYSTEM, 0, 0), route(ShardEpoch.FIRST, 1, 7));
    assertThat(catalog.machine().read(both, false).getRoutesList())
        .as("its own membership is not confirmed")
        .containsExactly(route(ShardEpoch.FIRST, 1, 7));
    assertThat(catalog.machine().read(both, true).getNodesList()).isEmpty();
  }

  @Test
  void updateOfAnUnknownKindIsRefusedByAll() {
    assertThat(catalog.update(CatalogUpdateRequest.newBuilder()).getError().getCode())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_ARGUMENT);
  }

  @Test
  void commandOfAUserShardStopsTheReplica() {
    CommandBatch batch =
        CommandBatch.newBuilder()
            .addCommands(Command.newBuilder().setPut(PutRequest.getDefaultInstance()))
            .build();

    assertThatThrownBy(() -> catalog.machine().apply(batch))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everythingIsThereAfterAReopen() {
    catalog.register(node("x"));
    catalog.report(List.of(route(ShardEpoch.FIRST, 2, 7)));
    List<Route> routes = new ArrayList<>(catalog.machine().routes());
    GetCatalogReply before = read(catalog, 0);

    catalog.flushAndReopen();

    assertThat(catalog.machine().routes()).isEqualTo(routes);
    assertThat(read(catalog, 0)).isEqualTo(before);
    assertThat(catalog.machine().descriptor()).isEqualTo(TestCatalog.SYSTEM);
    assertThat(catalog.machine().takeSplit()).isEmpty();
  }
}
