package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.NodeStatusReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.shard.kv.Limits;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reads by lease. */
class HostLeaseTest {
  private static final int ELECTION_TICKS = HostConfig.MIN_LEASE_TICKS;

  private static HostConfig config(int electionTicks) {
    return new HostConfig(
        1,
        TestNode.TICK_MILLIS,
        2,
        electionTicks,
        64,
        64 << 20,
        500,
        0,
        TestNode.SNAPSHOTS,
        TestNode.SCHEDULER,
        true,
        Limits.MAX_SESSIONS);
  }

  private final TestCluster cluster = new TestCluster(3, config(ELECTION_TICKS));
  private final TestNode leader = cluster.leader(2);

  /** Without a message from anyone: only the loops of the leader have turns. */
  private CompletableFuture<Reply> askAlone(TestNode node) {
    CompletableFuture<Reply> read = node.host().execute(at(2, get("k")));
    for (int i = 0; i < 5; i++) {
      node.turns();
    }
    return read;
  }

  @Test
  void leaderAnswersWithoutARound() {
    cluster.ask(2, put("k", "1"));
    cluster.tick(3);

    assertThat(askAlone(leader)).isCompleted();
    NodeStatusReply status = leader.askHere(Requesting.status()).getNodeStatus();
    assertThat(status.getLeaderLease()).isTrue();
  }

  @Test
  void leaseEndsBeforeAnotherMayBeElected() {
    cluster.ask(2, put("k", "1"));
    cluster.tick(3);
    cluster.cutOff(leader.id());

    cluster.tick(ELECTION_TICKS / 2);
    assertThat(askAlone(leader)).as("the promise holds").isCompleted();
    cluster.tick(ELECTION_TICKS / 2);

    assertThat(askAlone(leader)).isNotDone();
  }

  @Test
  void leaderThatStoodStillDoesNotBelieveInItsLease() {
    cluster.ask(2, put("k", "1"));
    cluster.tick(3);
    cluster.freeze(leader.id(), true);
    cluster.cutOff(leader.id());
    cluster.ask(2, put("k", "2"));

    CompletableFuture<Reply> read = leader.host().execute(at(2, get("k")));
    cluster.freeze(leader.id(), false);
    for (int i = 0; i < 5; i++) {
      leader.turns();
    }

    assertThat(read.isDone() && read.join().hasGet()).as("it would be the old value").isFalse();
  }

  @Test
  void leaseNeedsEnoughTicks() {
    assertThatThrownBy(() -> config(ELECTION_TICKS - 1))
        .hasMessageContaining("leaderLease needs electionTicks of at least 30, not 29");
  }
}
