package io.flotilla.router;

import static io.flotilla.router.NodeBreaker.GO;
import static io.flotilla.router.NodeBreaker.PROBE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a node is left alone and when it is asked again. Times are milliseconds. */
class NodeBreakerTest {
  private static final long MILLIS = 1_000_000;
  private static final BreakerConfig CONFIG = BreakerConfig.defaults();

  private final NodeBreaker breaker = new NodeBreaker(CONFIG, new Backoff.Jitter(new Random(7)));

  @Test
  void connectionsThatBreakOneAfterTheOtherOpenIt() {
    for (int i = 1; i <= CONFIG.failures(); i++) {
      assertThat(admit(i)).isEqualTo(GO);
      assertThat(broken(i, i)).as("failure %s", i).isEqualTo(i == CONFIG.failures());
    }
    assertThat(admit(6)).isBetween(1L, 50 * MILLIS);
  }

  @Test
  void callsThatBreakTogetherAreOneFailure() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(admit(1)).isEqualTo(GO);
    }
    for (int i = 0; i < 1_000; i++) {
      assertThat(broken(1, 10)).isFalse();
    }
    assertThat(breaker.failures()).isEqualTo(1);
    assertThat(admit(11)).isEqualTo(GO);
  }

  @Test
  void anAnswerBetweenStartsTheCountAgain() {
    for (int i = 1; i < 100; i++) {
      assertThat(admit(i)).isEqualTo(GO);
      assertThat(broken(i, i)).isFalse();
      if (i % 4 == 0) {
        breaker.answered();
      }
    }
  }

  @Test
  void callsThatWaitTogetherForAnAnswerThatDoesNotComeOpenIt() {
    for (int i = 0; i < 5; i++) {
      assertThat(admit(0)).isEqualTo(GO);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(late(0, 2_000)).isFalse();
    }
    assertThat(late(0, 2_000)).isTrue();
  }

  @Test
  void shortDeadlinesAloneSayNothingBeforeTheSilenceLasts() {
    int failures = 0;
    for (int at = 0; at < 490; at += 10) {
      assertThat(admit(at)).isEqualTo(GO);
      assertThat(late(at, at + 9)).as("after %s calls", ++failures).isFalse();
    }
    assertThat(admit(500)).isEqualTo(GO);
    assertThat(late(500, 509)).isTrue();
  }

  @Test
  void aCallThatIsLateWhileOthersAreAnsweredIsNoFailure() {
    for (int at = 0; at < 10_000; at += 100) {
      assertThat(admit(at)).isEqualTo(GO);
      breaker.answered();
      assertThat(admit(at + 1)).isEqualTo(GO);
      assertThat(late(at, at + 2_000)).isFalse();
    }
  }

  @Test
  void oneProbeAtATimeUntilItHasBeenSilentForLong() {
    open(10);
    long now = 10 + after(10);
    assertThat(admit(now)).isEqualTo(PROBE);
    assertThat(admit(now)).isEqualTo(CONFIG.silenceNanos());
    assertThat(admit(now + 499)).isEqualTo(MILLIS);
    assertThat(admit(now + 500)).isEqualTo(PROBE);
  }

  @Test
  void aProbeThatIsAnsweredClosesIt() {
    open(10);
    long now = 10 + after(10);
    assertThat(admit(now)).isEqualTo(PROBE);
    breaker.answered();
    assertThat(admit(now)).isEqualTo(GO);
    assertThat(broken(now, now)).as("it takes as many failures as before").isFalse();
  }

  @Test
  void pausesGrowButANodeThatHasHealedIsAskedWithinASecond() {
    open(0);
    long now = 0;
    long longest = 0;
    for (int i = 0; i < 20; i++) {
      long wait = after(now);
      longest = Math.max(longest, wait);
      now += wait;
      assertThat(admit(now)).isEqualTo(PROBE);
      // The node heals just after a probe that it will never see.
      assertThat(after(now)).isLessThanOrEqualTo(500);
      now += 500;
      assertThat(breaker.failed((now - 500) * MILLIS, false, true, now * MILLIS)).isTrue();
    }
    assertThat(longest).isBetween(250L, 500L);
  }

  @Test
  void callsThatLeftBeforeDoNotLengthenThePause() {
    open(10);
    long wait = after(11);
    assertThat(broken(1, 11)).isFalse();
    assertThat(late(1, 11)).isFalse();
    assertThat(after(11)).isEqualTo(wait);
  }

  private void open(long at) {
    for (int i = 0; i < CONFIG.failures(); i++) {
      assertThat(admit(at)).isEqualTo(GO);
      broken(at, at);
    }
    assertThat(after(at)).isPositive();
  }

  private long admit(long at) {
    return breaker.admit(at * MILLIS);
  }

  /** Until a call goes, in whole milliseconds. */
  private long after(long at) {
    return (breaker.waitNanos(at * MILLIS) + MILLIS - 1) / MILLIS;
  }

  private boolean broken(long began, long at) {
    return breaker.failed(began * MILLIS, true, false, at * MILLIS);
  }

  private boolean late(long began, long at) {
    return breaker.failed(began * MILLIS, false, false, at * MILLIS);
  }
}
