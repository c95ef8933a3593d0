package io.flotilla.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.history.LinearizabilityChecker.Verdict;
import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LinearizabilityCheckerTest {
  private final LinearizabilityChecker checker = new LinearizabilityChecker(1_000_000);

  @Test
  void readAfterAcknowledgedWrite_seesIt() {
    assertLinearizable(List.of(write(0, "a", 1, 0, 10), read(1, "a", 1, 11, 20)));
  }

  @Test
  void staleRead_isFound() {
    assertAnomaly(
        List.of(write(0, "a", 1, 0, 10), write(0, "b", 2, 11, 20), read(1, "a", 1, 21, 30)));
  }

  @Test
  void lostWrite_isFound() {
    assertAnomaly(List.of(write(0, "a", 1, 0, 10), read(1, null, -1, 11, 20)));
  }

  @Test
  void readsGoingBackInTime_areFound() {
    assertAnomaly(
        List.of(
            write(0, "a", 1, 0, 10),
            write(0, "b", 2, 11, 100),
            read(1, "b", 2, 20, 30),
            read(2, "a", 1, 31, 40)));
  }

  @Test
  void concurrentReads_mayDisagreeWhileTheWriteIsOpen() {
    assertLinearizable(
        List.of(
            write(0, "a", 1, 0, 10),
            write(0, "b", 2, 11, 100),
            read(1, "b", 2, 20, 60),
            read(2, "a", 1, 15, 40)));
  }

  @Test
  void unknownWrite_mayShowUpLate_orNever() {
    List<Operation> late =
        List.of(write(0, "a", 1, 0, 10), unknownWrite(1, "b", 5), read(2, "b", 7, 90, 95));
    assertLinearizable(late);
    assertLinearizable(
        List.of(write(0, "a", 1, 0, 10), unknownWrite(1, "b", 5), read(2, "a", 1, 90, 95)));
  }

  @Test
  void unknownWrite_thatVanishesAgain_isFound() {
    assertAnomaly(
        List.of(
            write(0, "a", 1, 0, 10),
            unknownWrite(1, "b", 5),
            read(2, "b", 7, 90, 95),
            read(2, "a", 1, 96, 99)));
  }

  @Test
  void unknownWrite_beforeItsBegin_isFound() {
    assertAnomaly(List.of(read(2, "b", 7, 1, 3), unknownWrite(1, "b", 5)));
  }

  @Test
  void writeReportedAsFailed_thatTookEffect_isFound() {
    Operation failed = new Operation(1, Kind.WRITE, "k", "b", -1, Outcome.FAIL, null, -1, 5, 6);
    assertAnomaly(List.of(write(0, "a", 1, 0, 4), failed, read(2, "b", 7, 90, 95)));
  }

  @Test
  void addAppliedTwice_isFound() {
    assertLinearizable(List.of(add(0, "1", 1, 0, 10), add(1, "2", 2, 0, 10)));
    assertAnomaly(List.of(add(0, "1", 1, 0, 10), add(1, "3", 2, 11, 20)));
    assertAnomaly(List.of(add(0, "1", 1, 0, 10), add(1, "1", 2, 11, 20)));
  }

  @Test
  void twoCompareAndSetsOfOneRevision_cannotBothSucceed() {
    assertLinearizable(List.of(write(0, "a", 1, 0, 1), cas(0, 1, "b", Outcome.OK, 2, 3)));
    assertAnomaly(
        List.of(
            write(0, "a", 1, 0, 1),
            cas(0, 1, "b", Outcome.OK, 2, 3),
            cas(1, 1, "c", Outcome.OK, 2, 3)));
    assertAnomaly(List.of(write(0, "a", 1, 0, 1), cas(1, 1, "c", Outcome.MISMATCH, 2, 3)));
  }

  @Test
  void revisionThatFalls_isFound() {
    assertAnomaly(List.of(write(0, "a", 5, 0, 10), write(0, "b", 4, 11, 20)));
  }

  @Test
  void searchOverBudget_isUndecided_notFine() {
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      history.add(unknownWrite(i, "v" + i, 0));
    }
    history.add(read(99, "none", 1, 1, 2));
    assertThat(new LinearizabilityChecker(1_000).check(history))
        .hasValueSatisfying(a -> assertThat(a.verdict()).isEqualTo(Verdict.UNDECIDED));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void historiesOfASequentialStore_pass_andFailWithOneAnswerChanged(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Operation> history = sequentialHistory(random, 300);
    assertLinearizable(history);
    int victim = -1;
    for (int i = 0; i < history.size(); i++) {
      if (history.get(i).kind() == Kind.READ && i > history.size() / 2) {
        victim = i;
      }
    }
    Operation read = history.get(victim);
    history.set(
        victim,
        new Operation(
            read.process(),
            Kind.READ,
            read.key(),
            null,
            -1,
            Outcome.OK,
            "never written",
            -1,
            read.callNanos(),
            read.returnNanos()));
    assertAnomaly(history);
  }

  @Test
  void longHistoryOfOneKey_isJudged() {
    assertLinearizable(sequentialHistory(new SplittableRandom(1), 50_000));
  }

  private static List<Operation> sequentialHistory(SplittableRandom random, int calls) {
    List<Operation> history = new ArrayList<>();
    String value = null;
    long revision = -1;
    for (int i = 0; i < calls; i++) {
      long at = 100L * i;
      long from = at - random.nextInt(250);
      long to = at + random.nextInt(250);
      if (random.nextBoolean()) {
        value = "v" + i;
        revision = i + 1L;
        history.add(write(i, value, revision, from, to));
      } else {
        history.add(read(i, value, revision, from, to));
      }
    }
    return history;
  }

  private void assertLinearizable(List<Operation> history) {
    assertThat(checker.check(history)).isEmpty();
  }

  private void assertAnomaly(List<Operation> history) {
    assertThat(checker.check(history))
        .hasValueSatisfying(a -> assertThat(a.verdict()).isEqualTo(Verdict.NOT_LINEARIZABLE));
  }

  private static Operation write(int process, String value, long revision, long from, long to) {
    return new Operation(process, Kind.WRITE, "k", value, -1, Outcome.OK, null, revision, from, to);
  }

  private static Operation unknownWrite(int process, String value, long from) {
    return new Operation(
        process, Kind.WRITE, "k", value, -1, Outcome.INFO, null, -1, from, Long.MAX_VALUE);
  }

  private static Operation read(
      int process, @Nullable String value, long revision, long from, long to) {
    return new Operation(process, Kind.READ, "k", null, -1, Outcome.OK, value, revision, from, to);
  }

  private static Operation add(int process, String sum, long revision, long from, long to) {
    return new Operation(process, Kind.ADD, "k", null, -1, Outcome.OK, sum, revision, from, to);
  }

  private static Operation cas(
      int process, long expected, String value, Outcome outcome, long from, long to) {
    long revision = outcome == Outcome.OK ? expected + process + 1 : -1;
    return new Operation(
        process, Kind.CAS, "k", value, expected, outcome, null, revision, from, to);
  }
}
