package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
  private static final long MILLIS = 1_800_000_000_000L;

  private long millis = MILLIS;
  private final Sessions sessions = new Sessions(() -> millis, new Random(1));

  @Test
  void numbersFromOne() {
    Sessions.Ticket first = sessions.begin();
    Sessions.Ticket second = sessions.begin();
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(second.sequence()).isEqualTo(2);
    assertThat(second.sessionId()).isEqualTo(first.sessionId());
    assertThat(first.sessionId() >>> 22).isEqualTo(MILLIS);
  }

  @Test
  void acknowledgesWhatLiesBelowTheOldestOpenWrite() {
    Sessions.Ticket first = sessions.begin();
    Sessions.Ticket second = sessions.begin();
    Sessions.Ticket third = sessions.begin();
    sessions.end(second);
    assertThat(sessions.begin().acknowledged()).isZero();
    sessions.end(first);
    assertThat(sessions.begin().acknowledged()).isEqualTo(2);
    sessions.end(third);
    assertThat(sessions.begin().acknowledged()).isEqualTo(3);
  }

  @Test
  void aSlowWriteSendsTheOthersToAnotherSession() {
    Sessions.Ticket slow = sessions.begin();
    for (int i = 1; i < Sessions.WINDOW; i++) {
      Sessions.Ticket other = sessions.begin();
      assertThat(other.sessionId()).isEqualTo(slow.sessionId());
      sessions.end(other);
    }
    Sessions.Ticket elsewhere = sessions.begin();
    assertThat(elsewhere.sessionId()).isNotEqualTo(slow.sessionId());
    assertThat(elsewhere.sequence()).isEqualTo(1);
    sessions.end(slow);
    Set<Long> used = new HashSet<>();
    for (int i = 0; i < Sessions.WINDOW; i++) {
      used.add(sessions.begin().sessionId());
    }
    assertThat(used).containsExactlyInAnyOrder(slow.sessionId(), elsewhere.sessionId());
  }

  @Test
  void aForgottenSessionIsNotUsedAgain() {
    Sessions.Ticket first = sessions.begin();
    Sessions.Ticket second = sessions.begin();
    sessions.end(first);
    sessions.retire(first);
    Sessions.Ticket third = sessions.begin();
    assertThat(third.sessionId()).isNotEqualTo(first.sessionId());
    sessions.end(second);
    assertThat(sessions.begin().sessionId()).isEqualTo(third.sessionId());
  }

  @Test
  void aNewSessionIsYoungerThanTheLastOneWhateverTheClockSays() {
    Sessions.Ticket first = sessions.begin();
    millis -= 5_000;
    sessions.retire(first);
    assertThat(sessions.begin().sessionId() >>> 22).isGreaterThan(first.sessionId() >>> 22);
  }

  /** A shard that keeps 1,024 answers of a session never has to refuse a write. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aShardNeverHasTooManyAnswers(long seed) {
    Random random = new Random(seed);
    List<Sessions.Ticket> open = new ArrayList<>();
    TreeMap<Long, TreeSet<Long>> answers = new TreeMap<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < 30_000; i++) {
      boolean begins = open.isEmpty() || random.nextInt(100) < (i < 15_000 ? 55 : 45);
      if (begins) {
        Sessions.Ticket ticket = sessions.begin();
        assertThat(numbers.add(ticket.sessionId() + "/" + ticket.sequence())).isTrue();
        open.add(ticket);
      } else {
        // Mostly the youngest, so that old ones hold their sessions back.
        int at = open.size() - 1 - random.nextInt(Math.min(open.size(), 50));
        Sessions.Ticket ticket = open.remove(at);
        TreeSet<Long> kept = answers.computeIfAbsent(ticket.sessionId(), id -> new TreeSet<>());
        kept.add(ticket.sequence());
        kept.headSet(ticket.acknowledged(), true).clear();
        assertThat(kept).as("seed %d", seed).hasSizeLessThanOrEqualTo(Sessions.WINDOW);
        sessions.end(ticket);
      }
    }
  }
}
