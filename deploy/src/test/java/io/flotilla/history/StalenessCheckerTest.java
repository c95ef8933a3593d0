package io.flotilla.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import io.flotilla.history.StalenessChecker.StaleRead;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StalenessCheckerTest {
  private static final long ANY = Long.MAX_VALUE;

  private static Operation done(Kind kind, @Nullable String value, long rev, long from, long to) {
    return new Operation(0, kind, "k", value, -1, Outcome.OK, value, rev, from, to);
  }

  private static Operation write(String value, long revision, long from, long to) {
    return done(Kind.WRITE, value, revision, from, to);
  }

  private static Operation delete(long revision, long from, long to) {
    return done(Kind.DELETE, null, revision, from, to);
  }

  private static Operation unknown(Kind kind, @Nullable String value, long from) {
    return new Operation(0, kind, "k", value, -1, Outcome.INFO, null, -1, from, Long.MAX_VALUE);
  }

  private static StaleRead read(@Nullable String value, long revision, long bound, long from) {
    return new StaleRead("k", value, revision, bound, from, from + 5);
  }

  private static void assertFine(StaleRead read, Operation... history) {
    assertThat(new StalenessChecker(List.of(history)).check(List.of(read))).isEmpty();
  }

  private static void assertAnomaly(StaleRead read, Operation... history) {
    assertThat(new StalenessChecker(List.of(history)).check(List.of(read)))
        .hasValueSatisfying(anomaly -> assertThat(anomaly.read()).isEqualTo(read));
  }

  @Test
  void valueThatWasCurrentWithinTheBound_isFine() {
    assertFine(read("a", 1, 50, 100), write("a", 1, 0, 10), write("b", 2, 45, 55));
    assertFine(read("b", 2, 50, 100), write("a", 1, 0, 10), write("b", 2, 45, 55));
  }

  @Test
  void valueThatWasReplacedBeforeTheBound_isTooOld() {
    assertAnomaly(read("a", 1, 50, 100), write("a", 1, 0, 10), write("b", 2, 20, 49));
  }

  @Test
  void replacementAcknowledgedAtTheVeryBound_isNotBefore() {
    assertFine(read("a", 1, 50, 100), write("a", 1, 0, 10), write("b", 2, 20, 50));
  }

  @Test
  void othersThatReadANewerValue_countLikeItsWriter() {
    assertAnomaly(
        read("a", 1, 50, 100),
        write("a", 1, 0, 10),
        unknown(Kind.WRITE, "b", 20),
        done(Kind.READ, "b", 2, 30, 40));
  }

  @Test
  void deletedValue_isTooOld() {
    assertAnomaly(read("a", 1, 50, 100), write("a", 1, 0, 10), delete(2, 20, 30));
  }

  @Test
  void withoutABound_anyFormerValueIsFine() {
    assertFine(read("a", 1, ANY, 100), write("a", 1, 0, 10), write("b", 2, 20, 30));
    assertFine(read(null, 0, ANY, 100), write("a", 1, 0, 10));
  }

  @Test
  void valueOfAnUnknownWrite_isFineAnyTimeAfterItBegan() {
    assertFine(read("b", 7, 50, 100), unknown(Kind.WRITE, "b", 20));
    assertAnomaly(read("b", 7, 50, 100), unknown(Kind.WRITE, "b", 106));
  }

  @Test
  void valueThatNobodyWrote_isFound() {
    assertAnomaly(read("x", 1, ANY, 100), write("a", 1, 0, 10));
    assertAnomaly(read("a", 9, ANY, 100), write("a", 1, 0, 10));
  }

  @Test
  void absence_isTooOldAfterAnAcknowledgedWrite() {
    assertAnomaly(read(null, 0, 50, 100), write("a", 1, 0, 10));
    assertFine(read(null, 0, 95, 100), write("a", 1, 0, 10));
    assertFine(read(null, 0, 50, 100), write("a", 1, 0, 10), delete(2, 20, 30));
    assertFine(read(null, 0, 50, 100), write("a", 1, 0, 10), unknown(Kind.DELETE, null, 20));
    assertAnomaly(
        read(null, 0, 50, 100), write("a", 1, 0, 10), delete(2, 20, 30), write("b", 3, 31, 40));
  }

  @Test
  void deletionThatFoundNothing_deletedNothing() {
    assertAnomaly(read(null, 0, 50, 100), write("a", 1, 0, 10), delete(-1, 20, 30));
  }
}
