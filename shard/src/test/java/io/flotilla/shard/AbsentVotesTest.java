package io.flotilla.shard;

import static io.flotilla.shard.Requesting.at;
import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.now;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Reply;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Message;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.storage.ReplicaKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Votes of replicas that have never been here. */
class AbsentVotesTest {
  private static final long CHILD = CatalogStateMachine.FIRST_ALLOCATED_ID;
  private static final ReplicaKey KEY = new ReplicaKey(CHILD, 77);

  private final TestCluster cluster = new TestCluster(3);
  private final TestNode node = cluster.node(3);
  private final List<Message> answers = new ArrayList<>();

  private static Message.RequestVote vote(long from, long term, boolean preVote) {
    return new Message.RequestVote(from, KEY.replicaId(), term, 9, 5, preVote, false);
  }

  private static Message answer(long to, long term, boolean granted, boolean preVote) {
    return new Message.RequestVoteReply(KEY.replicaId(), to, term, granted, preVote, 0, 0);
  }

  private void ask(Message.RequestVote vote) {
    node.host().absentVotes().ask(CHILD, vote, answers::add);
  }

  @Test
  void voteIsDurableBeforeItIsGivenAndGivenOncePerTerm() {
    ask(vote(71, 6, true));
    assertThat(answers).containsExactly(answer(71, 6, true, true));
    answers.clear();

    node.holdJournal(true);
    ask(vote(71, 6, false));
    ask(vote(72, 6, false));
    assertThat(answers).as("no word of the first yet").containsExactly(answer(72, 6, false, false));
    answers.clear();
    node.holdJournal(false);
    cluster.settle();
    assertThat(answers).containsExactly(answer(71, 6, true, false));

    node.restart();
    answers.clear();
    ask(vote(72, 6, false));
    ask(vote(72, 5, false));
    ask(vote(72, 7, true));
    assertThat(answers)
        .as("remembered")
        .containsExactly(
            answer(72, 6, false, false), answer(72, 6, false, false), answer(72, 7, true, true));
  }

  /** M1: the child is asked for its vote before the split is applied here. */
  @Test
  void replicaThatComesBeginsWithTheVoteAndVotesItself() {
    node.holdJournal(true);
    ask(vote(71, 6, false));

    assertThat(node.host().absentVotes().begins(KEY)).isEqualTo(new HardState(6, 71, 0));
    ask(vote(72, 9, false));
    node.holdJournal(false);
    cluster.settle();
    assertThat(answers).containsExactly(answer(71, 6, true, false));
  }

  @Test
  void replicaThatWasHereGivesNoSuchVote() {
    cluster.settle();
    ReplicaKey here = node.replica(2).key();
    node.host()
        .absentVotes()
        .ask(
            2,
            new Message.RequestVote(71, here.replicaId(), 99, 99, 99, true, false),
            answers::add);
    assertThat(answers).isEmpty();

    // Nor after a crash, when it has not started again.
    node.crash();
    node.begin();
    node.host()
        .absentVotes()
        .ask(
            2,
            new Message.RequestVote(71, here.replicaId(), 99, 99, 99, true, false),
            answers::add);
    assertThat(answers).isEmpty();
  }

  @Test
  void childHasALeaderAlthoughOneNodeMissedTheSplitAndAnotherIsLost() {
    TestNode leader = cluster.leader(2);
    TestNode late =
        cluster.nodes().stream().filter(n -> n != leader).reduce((a, b) -> b).orElseThrow();
    cluster.ask(2, put("z", "1"));
    cluster.tick(5);
    cluster.cutOff(late.id());
    CompletableFuture<Reply> reply = leader.host().execute(at(2, split("m")));
    cluster.tickUntil("the split", reply::isDone);
    assertThat(now(reply).hasSplitShard()).isTrue();
    cluster.ask(2, put("a", "2"));
    cluster.tick(3 * TestNode.FLUSH_TICKS);
    // The parent's part of the log is gone: the late node gets it as of after the split.
    TestNode lost = cluster.leader(CHILD);
    cluster.cutOff(lost.id());
    lost.crash();
    cluster.reconnect(late.id());

    assertThat(cluster.ask(CHILD, get("z")).getGet().getFound()).isTrue();
    cluster.tickUntil("the child comes", () -> late.host().replica(CHILD).isPresent());
  }
}
