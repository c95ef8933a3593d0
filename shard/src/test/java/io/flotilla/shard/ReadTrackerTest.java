package io.flotilla.shard;

import static io.flotilla.shard.Requesting.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.ReadState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadTrackerTest {
  private final ReadTracker reads = new ReadTracker();
  private final List<Call> served = new ArrayList<>();
  private final List<Call> unconfirmed = new ArrayList<>();
  private final List<Call> unapplied = new ArrayList<>();

  private static Call read(long deadline) {
    return new Call(get("k"), deadline, new CompletableFuture<>());
  }

  private void await(long context, Call... calls) {
    reads.awaitIndex(context, 0, new ArrayList<>(List.of(calls)));
  }

  private void confirm(long context, long index) {
    reads.confirmed(new ReadState(context, index));
  }

  private void applied(long index) {
    reads.serve(index, round -> served.addAll(round.calls()));
  }

  private ReadTracker.Round overdue(long now) {
    return reads.overdue(now, 10).iterator().next();
  }

  @Test
  void readWaitsForItsRoundAndThenForItsIndex() {
    Call first = read(10);
    Call second = read(10);
    await(1, first);
    await(2, second);

    applied(100);
    assertThat(served).as("not confirmed").isEmpty();
    confirm(1, 50);
    applied(49);
    assertThat(served).as("not applied").isEmpty();
    applied(50);

    assertThat(served).containsExactly(first);
    assertThat(reads.isEmpty()).isFalse();
    confirm(2, 50);
    applied(50);
    assertThat(served).containsExactly(first, second);
    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void confirmationThatNobodyWaitsForIsNothing() {
    confirm(8, 1);

    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void readsThatAreConfirmedOutliveTheLeadership() {
    Call confirmed = read(10);
    Call waiting = read(10);
    await(1, confirmed);
    await(2, waiting);
    confirm(1, 50);

    assertThat(reads.takeUnconfirmed()).containsExactly(waiting);

    confirm(2, 40);
    applied(50);
    assertThat(served).as("the late answer is nobody's").containsExactly(confirmed);
  }

  @Test
  void roundThatAskedAgainIsServedOnce_byWhicheverAnswerComesFirst() {
    Call call = read(1_000);
    await(1, call);
    reads.askedAgain(2, 10, overdue(10));
    assertThat(reads.open()).isEqualTo(2);

    confirm(2, 60);
    confirm(1, 50);
    applied(50);
    assertThat(served).as("the index of the answer that counted").isEmpty();
    applied(60);

    assertThat(served).containsExactly(call);
    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void roundThatAskedAgainIsTakenOnce() {
    Call call = read(1_000);
    await(1, call);
    reads.askedAgain(2, 10, overdue(10));

    assertThat(reads.takeUnconfirmed()).containsExactly(call);
    assertThat(reads.isEmpty()).isTrue();
  }

  @Test
  void patienceDoublesWithEachQuestion() {
    await(1, read(1_000));

    assertThat(reads.overdue(9, 10)).isEmpty();
    reads.askedAgain(2, 10, overdue(10));
    assertThat(reads.overdue(29, 10)).isEmpty();
    reads.askedAgain(3, 30, overdue(30));
    assertThat(reads.overdue(69, 10)).isEmpty();
    assertThat(reads.overdue(70, 10)).hasSize(1);
  }

  @Test
  void roundBeganWithItsFirstQuestion() {
    await(1, read(1_000));
    reads.askedAgain(2, 10, overdue(10));
    confirm(2, 5);
    List<Long> begun = new ArrayList<>();

    reads.serve(5, round -> begun.add(round.begunNanos()));

    assertThat(begun).containsExactly(0L);
  }

  @Test
  void readExpiresWhereItWaits() {
    Call noAnswer = read(10);
    Call behind = read(10);
    Call patient = read(99);
    await(1, noAnswer);
    reads.askedAgain(3, 10, overdue(10));
    await(2, behind, patient);
    confirm(2, 50);

    reads.expire(9, unconfirmed::add, unapplied::add);
    assertThat(unconfirmed).isEmpty();
    reads.expire(10, unconfirmed::add, unapplied::add);

    assertThat(unconfirmed).containsExactly(noAnswer);
    assertThat(unapplied).containsExactly(behind);
    applied(50);
    assertThat(served).containsExactly(patient);
    assertThat(reads.isEmpty()).isTrue();
  }
}
