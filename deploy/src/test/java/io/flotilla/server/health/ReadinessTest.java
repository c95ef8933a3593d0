package io.flotilla.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeState;
import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.raft.Role;
import io.flotilla.router.Scheduler;
import io.flotilla.shard.HostStats;
import io.flotilla.shard.ReplicaStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final ReplicaStats WELL = replica(Role.FOLLOWER, false, true, true);

  private final List<Boolean> changes = new ArrayList<>();
  private final HandTimers timers = new HandTimers();
  private HostStats here = stats(WELL);
  private ClusterHealth cluster = whole();
  private boolean draining;
  private final Readiness readiness = new Readiness(Duration.ofMinutes(5), changes::add);

  /** Timers that fire when the test says so. */
  private static final class HandTimers implements Scheduler {
    private record Due(long nanos, Runnable task) {}

    private final List<Due> due = new ArrayList<>();
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
      Due timer = new Due(now + delayNanos, task);
      due.add(timer);
      return () -> due.remove(timer);
    }

    void pass(Duration time) {
      long end = now + time.toNanos();
      while (true) {
        Optional<Due> next =
            due.stream()
                .filter(timer -> timer.nanos <= end)
                .min((a, b) -> Long.compare(a.nanos, b.nanos));
        if (next.isEmpty()) {
          now = end;
          return;
        }
        due.remove(next.get());
        now = next.get().nanos;
        next.get().task.run();
      }
    }
  }

  private static ReplicaStats replica(
      Role role, boolean stopped, boolean knowsLeader, boolean caughtUp) {
    return new ReplicaStats(
        2,
        21,
        false,
        new ReplicaStats.Health(role, 3, stopped, true, knowsLeader, caughtUp, false),
        new ReplicaStats.Log(1, 1, 1, 1, 1, 0),
        new ReplicaStats.Load(0, 0, 0, 0, 0));
  }

  private static HostStats stats(ReplicaStats... replicas) {
    return new HostStats(List.of(replicas), List.of(0), List.of());
  }

  private static ClusterHealth whole() {
    return new ClusterHealth(3, 3, 0, List.of());
  }

  private void serve() {
    readiness.serves(
        new Member(
            timers,
            () -> draining,
            () -> CompletableFuture.completedFuture(here),
            () -> CompletableFuture.completedFuture(cluster)));
  }

  private List<String> reasons() {
    return readiness.state().reasons();
  }

  @Test
  void nodeWithoutACluster_isNotReady() {
    assertThat(reasons()).containsExactly("the node is not part of a cluster yet");
    assertThat(readiness.cluster().join()).isEmpty();
  }

  @Test
  void nodeThatIsWellInAWholeCluster_isReadyAtOnce() {
    serve();
    assertThat(readiness.state().ready()).isTrue();
    assertThat(changes).containsExactly(true);
    assertThat(readiness.cluster().join()).contains(cluster);
  }

  @Test
  void ownReplicas_mustHaveCaughtUpAndKnowTheirLeader() {
    here =
        stats(
            WELL,
            replica(Role.FOLLOWER, false, false, true),
            replica(Role.FOLLOWER, false, true, false),
            replica(Role.FOLLOWER, true, false, false));
    serve();
    assertThat(reasons())
        .containsExactly(
            "1 of 4 replicas here have stopped, see the log",
            "1 of 4 replicas here know of no leader",
            "1 of 4 replicas here have not caught up");
    here = stats(WELL, WELL);
    timers.pass(Duration.ofSeconds(1));
    assertThat(readiness.state().ready()).isTrue();
  }

  /** Whoever restarts nodes one by one must not go on while another one is missing. */
  @Test
  void shardsOfOthers_mustHaveAllTheirVoters() {
    cluster = new ClusterHealth(3, 2, 1, List.of(4L));
    serve();
    timers.pass(Duration.ofMinutes(4));
    assertThat(reasons())
        .containsExactly(
            "1 of 3 shards have no leader that answers; silent nodes: [4]",
            "1 of 3 shards have a voter that is silent or has not caught up; silent nodes: [4]");
    cluster = whole();
    timers.pass(Duration.ofSeconds(1));
    assertThat(readiness.state().ready()).isTrue();
  }

  /** A cluster that has lost a node for good must not be without any ready node. */
  @Test
  void patience_ends() {
    cluster = new ClusterHealth(3, 3, 3, List.of(4L));
    serve();
    timers.pass(Duration.ofSeconds(299));
    assertThat(readiness.state().ready()).isFalse();
    timers.pass(Duration.ofSeconds(2));
    assertThat(readiness.state().ready()).isTrue();
  }

  @Test
  void lostNode_doesNotMakeTheOthersUnready() {
    serve();
    cluster = new ClusterHealth(3, 1, 1, List.of(4L, 5L));
    here = stats(replica(Role.FOLLOWER, false, false, true));
    timers.pass(Duration.ofHours(1));
    assertThat(readiness.state().ready()).isTrue();
  }

  @Test
  void draining_comesAndGoes() {
    serve();
    draining = true;
    timers.pass(Duration.ofSeconds(1));
    assertThat(reasons()).containsExactly("the node is being drained");
    draining = false;
    timers.pass(Duration.ofSeconds(1));
    assertThat(changes).containsExactly(true, false, true);
  }

  @Test
  void stop_isTheEnd() {
    serve();
    readiness.stops();
    timers.pass(Duration.ofMinutes(1));
    assertThat(reasons()).containsExactly("the node is stopping");
    assertThat(changes).containsExactly(true, false);
  }

  @Test
  void withoutPatience_servingIsEnough() {
    Readiness hasty = new Readiness(Duration.ZERO, changes::add);
    cluster = new ClusterHealth(3, 1, 1, List.of());
    hasty.serves(
        new Member(
            timers,
            () -> false,
            CompletableFuture::new,
            () -> CompletableFuture.completedFuture(cluster)));
    assertThat(hasty.state().ready()).isTrue();
  }

  @Test
  void answersOfNodes_areTakenTogether() {
    List<NodeState> nodes = List.of(node(1, true, 2, 1), node(2, true, 1, 0), node(3, false, 0, 0));
    ClusterHealth health = ClusterHealth.of(4, nodes);
    assertThat(health).isEqualTo(new ClusterHealth(4, 3, 1, List.of(3L)));
    assertThat(health.isWhole()).isFalse();
    assertThat(ClusterHealth.of(3, List.of(node(1, true, 3, 0), node(3, false, 0, 0))).isWhole())
        .as("a silent node that no shard needs")
        .isTrue();
  }

  private static NodeState node(long id, boolean reachable, int leaders, int degraded) {
    return NodeState.newBuilder()
        .setNode(NodeInfo.newBuilder().setNodeId(id))
        .setReachable(reachable)
        .setStatus(
            NodeStatusReply.newBuilder().setLeadersTotal(leaders).setDegradedShards(degraded))
        .build();
  }
}
