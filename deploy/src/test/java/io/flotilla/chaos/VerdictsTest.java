package io.flotilla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each verdict must be able to fail. */
class VerdictsTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final CallTally tally = new CallTally();
  private final Ledger ledger = new Ledger(List.of("a", "b"));

  @Test
  void failedCall_isTold() {
    assertThat(Verdicts.noCallFailed(tally).holds()).isTrue();
    FlotillaException error =
        new FlotillaException(ErrorCode.UNAVAILABLE, Outcome.NOT_APPLIED, "no leader", 7, 2);
    CallFailure failure =
        new CallFailure(
            TimeUnit.SECONDS.toNanos(31), TimeUnit.SECONDS.toNanos(10), CallKind.PUT, "k", error);
    tally.failed(failure);
    assertThat(Verdicts.noCallFailed(tally).holds()).isFalse();
    assertThat(failure)
        .hasToString(
            "31.0 s: put k failed after 10.00 s: UNAVAILABLE, outcome NOT_APPLIED, shard 7, node 2:"
                + " no leader");
  }

  @Test
  void callThatEndsLate_isFound() {
    tally.ended(CallKind.GET, DEADLINE.toNanos());
    assertThat(Verdicts.endedInTime(tally, DEADLINE).holds()).isTrue();
    tally.ended(CallKind.SCAN_PAGE, DEADLINE.plusSeconds(2).toNanos());
    assertThat(Verdicts.endedInTime(tally, DEADLINE).holds()).isFalse();
  }

  @Test
  void lostOrDoubledIncrement_isFound() {
    ledger.acknowledged("a", 3);
    ledger.acknowledged("a", 4);
    assertThat(Verdicts.countersExact(Map.of("a", 7L, "b", 0L), ledger).holds()).isTrue();
    assertThat(Verdicts.countersExact(Map.of("a", 4L), ledger).holds()).isFalse();
    assertThat(Verdicts.countersExact(Map.of("a", 10L), ledger).detail())
        .isEqualTo("a is 10, acknowledged were 7");
  }

  @Test
  void uncertainIncrement_widensWhatACounterMayBe() {
    ledger.acknowledged("a", 3);
    ledger.unknown("a", 4);
    for (long value : List.of(3L, 7L)) {
      assertThat(Verdicts.countersExact(Map.of("a", value), ledger).holds()).isTrue();
    }
    for (long value : List.of(2L, 8L)) {
      assertThat(Verdicts.countersExact(Map.of("a", value), ledger).holds()).isFalse();
    }
  }

  @Test
  void historyThatIsNotLinearizable_isFound() {
    History history = new History(new AtomicLong()::incrementAndGet);
    history.invoke(0, Kind.ADD, "k", "5", -1).ok("5", 1);
    assertThat(Verdicts.linearizable(history.calls()).holds()).isTrue();
    history.invoke(1, Kind.READ, "k", null, -1).ok("10", 1);
    assertThat(Verdicts.linearizable(history.calls()).holds()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void faultThatNeverHappened_isAFailureOfALongRun(FaultKind missing) {
    Nemesis.Count refused = new Nemesis.Count(0, 9);
    Nemesis.Count done = new Nemesis.Count(1, 0);
    Verdict longRun = Verdicts.everyFaultDone(kind -> kind == missing ? refused : done, true);
    assertThat(longRun.holds()).isFalse();
    assertThat(longRun.detail()).contains(missing.label());
    assertThat(Verdicts.everyFaultDone(kind -> refused, false).holds()).isTrue();
    assertThat(Verdicts.everyFaultDone(kind -> done, true).holds()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void callThatWasNeverMade_isAFailure(CallKind missing) {
    tally.raced(true);
    tally.raced(false);
    for (CallKind kind : CallKind.values()) {
      if (kind != missing) {
        tally.ended(kind, 1);
      }
    }
    assertThat(Verdicts.everyKindCalled(tally).holds()).isFalse();
    tally.ended(missing, 1);
    assertThat(Verdicts.everyKindCalled(tally).holds()).isTrue();
  }

  @Test
  void compareAndSetsThatNeverLose_proveNothing() {
    for (CallKind kind : CallKind.values()) {
      tally.ended(kind, 1);
    }
    tally.raced(true);
    assertThat(Verdicts.everyKindCalled(tally).holds()).isFalse();
  }

  @Test
  void nodeThatEndedByItself_isFound() {
    Defects defects = new Defects(line -> {});
    assertThat(Verdicts.noDefects(defects.seen()).holds()).isTrue();
    defects.add("node1 ended with exit code 86");
    assertThat(Verdicts.noDefects(defects.seen()).holds()).isFalse();
  }
}
