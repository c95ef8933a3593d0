package io.flotilla.shard.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.internal.v1.IdentRow;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.shard.support.HandDrivenStore;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClusterEntryTest {
  private static final ByteString CLUSTER = ByteString.copyFromUtf8("cluster of the test");

  private final Town town = new Town("a:1", "b:1", "c:1");

  private static boolean attempt(ClusterEntry entry) {
    return entry.attempt().join();
  }

  private static void assertRefused(ThrowingCallable attempt, String... words) {
    assertThatThrownBy(attempt)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(EntryRefusedException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void newDirectoryGetsAnIdentityThatStays() {
    ByteString store = town.start("a:1").ident().getStoreId();

    assertThat(store.size()).isEqualTo(16);
    assertThat(town.start("a:1").ident().getStoreId()).isEqualTo(store);
    assertThat(town.start("b:1").ident().getStoreId()).isNotEqualTo(store);
  }

  @Test
  void threeNodesBecomeOneCluster() {
    ClusterEntry c = town.start("c:1");
    assertThat(attempt(c)).as("nobody else is there").isFalse();
    ClusterEntry b = town.start("b:1");
    assertThat(attempt(b)).isFalse();
    ClusterEntry a = town.start("a:1");
    assertThat(attempt(b)).as("waits for the lowest").isFalse();

    assertThat(attempt(a)).isTrue();
    assertThat(attempt(c)).isTrue();
    assertThat(attempt(b)).isTrue();

    assertThat(List.of(a, b, c))
        .extracting(entry -> entry.ident().getNodeId())
        .containsExactly(1L, 2L, 3L);
    assertThat(List.of(a, b, c))
        .allSatisfy(
            entry -> {
              assertThat(entry.isMember()).isTrue();
              assertThat(entry.ident().getPlan()).isEqualTo(a.ident().getPlan());
              assertThat(entry.ident().getClusterId()).isEqualTo(a.ident().getClusterId());
              assertThat(entry.ident().getKnownNodesList())
                  .isEqualTo(a.ident().getPlan().getNodesList());
            });
    assertThat(a.ident().getClusterId().size()).isEqualTo(16);
  }

  @Test
  void nodeDoesNotAskItself() {
    attempt(town.start("a:1"));

    assertThat(town.asked).containsExactlyInAnyOrder("b:1", "c:1");
  }

  /** M18: a bootstrap may be cut off anywhere. */
  @Test
  void founderThatCrashesBeforeItsPlanIsWrittenFoundsAnew() {
    town.start("b:1");
    town.start("c:1");
    town.disk("a:1").dieBeforeWrite = 2;
    ClusterEntry dying = town.start("a:1");
    assertThatThrownBy(() -> attempt(dying)).hasRootCauseMessage("the process died");
    assertThat(dying.probeReply().hasPlan()).as("what is not written is not shown").isFalse();

    assertThat(attempt(town.start("a:1"))).isTrue();
  }

  /** M18: a bootstrap may be cut off anywhere. */
  @Test
  void founderThatCrashesAfterItsPlanWasWrittenShowsTheSamePlan() {
    ClusterEntry b = town.start("b:1");
    ClusterEntry c = town.start("c:1");
    ClusterEntry a = town.start("a:1");
    attempt(a);
    attempt(b);
    town.stop("a:1");

    ClusterEntry again = town.start("a:1");

    assertThat(again.isMember()).isTrue();
    assertThat(again.ident().getBootstrapped()).as("its rows may be missing").isFalse();
    assertThat(again.ident().getPlan()).isEqualTo(b.ident().getPlan());
    assertThat(attempt(again)).isTrue();
    assertThat(attempt(c)).isTrue();
    assertThat(c.ident().getClusterId()).isEqualTo(b.ident().getClusterId());
  }

  /** M18: a bootstrap may be cut off anywhere. */
  @Test
  void plansRowsAreWrittenOnce() {
    town.start("b:1");
    town.start("c:1");
    ClusterEntry a = town.start("a:1");
    attempt(a);
    assertThat(a.ident().getBootstrapped()).isFalse();

    a.bootstrapped();

    assertThat(town.start("a:1").ident().getBootstrapped()).isTrue();
  }

  @Test
  void lateNodeAdoptsThePlanThatNamesItWhileItsFounderIsDown() {
    town.start("b:1");
    ClusterEntry c = town.start("c:1");
    attempt(town.start("a:1"));
    town.stop("a:1");
    assertThat(attempt(c)).as("nobody shows the plan now").isFalse();

    town.start("a:1");

    assertThat(attempt(c)).isTrue();
    assertThat(c.ident().getNodeId()).isEqualTo(3);
  }

  @Test
  void nodeThatFindsAClusterJoinsIt() {
    formCluster();
    List<NodeInfo> nodes = List.of(NodeInfo.newBuilder().setNodeId(1).setAddress("a:1").build());
    ClusterEntry joining = town.start("d:1");
    assertThat(attempt(joining)).as("the catalog has no leader yet").isFalse();
    town.registration = new ClusterEntry.Registered(CLUSTER, 1_004, nodes, "", true);

    assertThat(attempt(joining)).isTrue();

    assertThat(town.registered)
        .isEqualTo(
            NodeInfo.newBuilder()
                .setAddress("d:1")
                .setStoreId(joining.ident().getStoreId())
                .putLabels("zone", "d:1")
                .build());
    IdentRow ident = town.start("d:1").ident();
    assertThat(ident.getClusterId()).isEqualTo(CLUSTER);
    assertThat(ident.getNodeId()).isEqualTo(1_004);
    assertThat(ident.getAddress()).isEqualTo("d:1");
    assertThat(ident.getKnownNodesList()).isEqualTo(nodes);
    assertThat(ident.hasPlan()).isFalse();
  }

  @Test
  void joinThatIsRefusedForGoodEnds() {
    formCluster();
    ClusterEntry joining = town.start("d:1");
    town.registration =
        new ClusterEntry.Registered(CLUSTER, 0, List.of(), "the address is taken", false);

    assertRefused(() -> attempt(joining), "the address is taken");
    assertThat(joining.isMember()).isFalse();
  }

  @Test
  void directoryOfAnotherClusterIsRefused() {
    Town.Disk foreign = new Town.Disk();
    foreign.write(
        IdentRow.newBuilder()
            .setStoreId(ByteString.copyFromUtf8("store"))
            .setClusterId(CLUSTER)
            .setNodeId(7)
            .build());
    formCluster();

    ClusterEntry stranger = town.startAs("d:1", foreign);

    assertRefused(() -> attempt(stranger), "--data", "--join", "a:1");
  }

  @Test
  void memberDoesNotNeedTheOthersToStart() {
    formCluster();
    for (String address : List.of("a:1", "b:1", "c:1")) {
      town.stop(address);
    }

    assertThat(attempt(town.start("b:1"))).isTrue();
  }

  @Test
  void memberSaysWhereItIsNow() {
    formCluster();
    Town.Disk disk = town.disk("b:1");

    ClusterEntry moved = town.startAs("b:2", disk);

    assertThat(moved.probeReply().getAddress()).isEqualTo("b:2");
    assertThat(moved.ident().getAddress()).as("until the catalog knows").isEqualTo("b:1");
    moved.moved();
    assertThat(town.startAs("b:2", disk).ident().getAddress()).isEqualTo("b:2");
    assertThat(town.startAs("b:2", disk).ident().getNodeId()).isEqualTo(2);
  }

  @Test
  void memberSaysWhereNodesReachItNow() {
    formCluster();
    Town.Disk disk = town.disk("b:1");

    ClusterEntry apart = town.startAs(new Addresses("b:1", "b:2"), disk);

    assertThat(apart.isKnownAsItIs()).isFalse();
    assertThat(apart.self().getPeerAddress()).isEqualTo("b:2");
    assertThat(apart.probeReply().getPeerAddress()).isEqualTo("b:2");
    apart.moved();
    assertThat(apart.isKnownAsItIs()).isTrue();
    assertThat(apart.ident().getAddress()).isEqualTo("b:1");
  }

  @Test
  void probeTellsEverythingThatIsWritten() {
    formCluster();
    ClusterEntry a = town.start("a:1");

    assertThat(a.probeReply())
        .isEqualTo(
            ProbeReply.newBuilder()
                .setStoreId(a.ident().getStoreId())
                .setClusterId(a.ident().getClusterId())
                .setNodeId(1)
                .setAddress("a:1")
                .setPlan(a.ident().getPlan())
                .putLabels("zone", "a:1")
                .build());
  }

  @Test
  void identityIsKeptInTheStoreOfTheNode() {
    HandDrivenStore disk = new HandDrivenStore();
    IdentityStore identity = IdentityStore.of(disk.store());
    assertThat(identity.read()).isEmpty();
    IdentRow ident = IdentRow.newBuilder().setStoreId(CLUSTER).setNodeId(9).build();

    identity.write(ident);
    disk.crash();

    assertThat(IdentityStore.of(disk.store()).read()).contains(ident);
  }

  private void formCluster() {
    ClusterEntry b = town.start("b:1");
    ClusterEntry c = town.start("c:1");
    attempt(town.start("a:1"));
    attempt(b);
    attempt(c);
  }
}
