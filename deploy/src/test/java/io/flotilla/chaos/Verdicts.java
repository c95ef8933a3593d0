package io.flotilla.chaos;

import io.flotilla.history.Calls;
import io.flotilla.history.LinearizabilityChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Holds what was seen in a run against what must be. Pure functions. */
final class Verdicts {
  private static final long MAX_CONFIGURATIONS = 20_000_000;

  /** What a call may take beyond its deadline on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private Verdicts() {}

  static Verdict noCallFailed(CallTally tally) {
    return new Verdict(
        "no call failed",
        tally.failedCalls() == 0,
        "%,d of %,d calls failed".formatted(tally.failedCalls(), tally.calls()));
  }

  static Verdict endedInTime(CallTally tally, Duration deadline) {
    return new Verdict(
        "every call ended by its deadline",
        tally.longest().compareTo(deadline.plus(SLACK)) <= 0,
        "the longest took %,d ms".formatted(tally.longest().toMillis()));
  }

  static Verdict everyKindCalled(CallTally tally) {
    List<String> missing =
        Arrays.stream(CallKind.values())
            .filter(kind -> tally.histogram(kind).getTotalCount() == 0)
            .map(CallKind::label)
            .collect(Collectors.toCollection(ArrayList::new));
    if (tally.compareAndSetsWon() == 0) {
      missing.add("compare-and-set that wins");
    }
    if (tally.compareAndSetsLost() == 0) {
      missing.add("compare-and-set that loses");
    }
    return new Verdict(
        "every kind of call was made",
        missing.isEmpty(),
        missing.isEmpty()
            ? "%,d compare-and-sets won, %,d lost"
                .formatted(tally.compareAndSetsWon(), tally.compareAndSetsLost())
            : "never: " + missing);
  }

  static Verdict everyFaultDone(Function<FaultKind, Nemesis.Count> counts, boolean must) {
    List<String> missing =
        Arrays.stream(FaultKind.values())
            .filter(kind -> counts.apply(kind).done() == 0)
            .map(FaultKind::label)
            .toList();
    boolean holds = missing.isEmpty() || !must;
    return new Verdict(
        "every kind of fault was done",
        holds,
        missing.isEmpty() ? "" : "never: " + missing + (must ? "" : ", in too short a run"));
  }

  /** The counters as they were read at the end. */
  static Verdict countersExact(Map<String, Long> values, Ledger ledger) {
    List<String> wrong =
        values.entrySet().stream()
            .filter(counter -> !ledger.of(counter.getKey()).contain(counter.getValue()))
            .map(
                counter ->
                    "%s is %d, acknowledged were %s"
                        .formatted(
                            counter.getKey(), counter.getValue(), ledger.of(counter.getKey())))
            .toList();
    long sum = values.values().stream().mapToLong(Long::longValue).sum();
    return new Verdict(
        "every counter is the sum of its acknowledged increments",
        wrong.isEmpty(),
        wrong.isEmpty()
            ? "%d counters, %,d in all".formatted(values.size(), sum)
            : String.join("; ", wrong));
  }

  static Verdict linearizable(Calls calls) {
    return new LinearizabilityChecker(MAX_CONFIGURATIONS)
        .check(calls.operations())
        .map(
            anomaly ->
                new Verdict(
                    "the history is linearizable",
                    false,
                    "key %s is %s, stuck at %s"
                        .formatted(anomaly.key(), anomaly.verdict(), anomaly.stuckAt())))
        .orElseGet(
            () ->
                new Verdict(
                    "the history is linearizable",
                    true,
                    "%,d calls on single keys".formatted(calls.operations().size())));
  }

  static Verdict noDefects(List<String> defects) {
    return new Verdict(
        "no node ended by itself, nothing else was out of order",
        defects.isEmpty(),
        String.join("; ", defects));
  }
}
