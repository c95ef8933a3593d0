package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownReplicasTest {
  private static final int PATIENCE = 20;
  private static final Message HEARTBEAT = new Message.Heartbeat(31, 32, 7, 100, 9);
  private static final Message APPEND = new Message.AppendEntries(31, 32, 7, 41, 6, List.of(), 40);
  private static final Message VOTE = new Message.RequestVote(31, 32, 7, 5, 5, false, false);

  private final UnknownReplicas unknown = new UnknownReplicas(PATIENCE);

  @Test
  void nothingIsSaidUntilPatienceIsOver() {
    assertThat(unknown.answer(3, HEARTBEAT, 100)).isEmpty();
    assertThat(unknown.answer(3, HEARTBEAT, 100 + PATIENCE - 1)).isEmpty();

    assertThat(unknown.answer(3, HEARTBEAT, 100 + PATIENCE))
        .as("confirms no read")
        .contains(new Message.HeartbeatReply(32, 31, 7, 0));
    assertThat(unknown.answer(4, HEARTBEAT, 100 + PATIENCE)).as("another shard").isEmpty();
  }

  @Test
  void appendIsRefusedWithAnEmptyLog() {
    assertThat(unknown.answer(3, APPEND, 0)).isEmpty();

    assertThat(unknown.answer(3, APPEND, PATIENCE))
        .contains(new Message.AppendEntriesReply(32, 31, 7, true, 41, 0, 0));
  }

  @Test
  void noVoteIsEverGiven() {
    assertThat(unknown.answer(3, VOTE, 0)).isEmpty();
    assertThat(unknown.answer(3, VOTE, 10 * PATIENCE)).isEmpty();
    assertThat(unknown.answer(3, new Message.TimeoutNow(31, 32, 7), 10 * PATIENCE)).isEmpty();
  }

  /** M1: the child is asked for its vote before the split is applied here. */
  @Test
  void newestRequestForAVoteWaitsForTheReplica() {
    Message newer = new Message.RequestVote(33, 32, 8, 5, 5, false, false);
    assertThat(unknown.answer(3, VOTE, 0)).isEmpty();
    assertThat(unknown.answer(3, newer, 1)).isEmpty();
    assertThat(unknown.answer(3, HEARTBEAT, 2)).isEmpty();

    assertThat(unknown.started(3)).contains(newer);
    assertThat(unknown.started(3)).isEmpty();
    assertThat(unknown.started(4)).isEmpty();
  }

  @Test
  void waitBeginsAnewAfterItWasForgotten() {
    assertThat(unknown.answer(3, HEARTBEAT, 0)).isEmpty();
    unknown.forgetBefore(1);

    assertThat(unknown.answer(3, HEARTBEAT, PATIENCE)).isEmpty();
    unknown.forgetBefore(PATIENCE);
    assertThat(unknown.answer(3, HEARTBEAT, 2 * PATIENCE)).isPresent();
  }
}
