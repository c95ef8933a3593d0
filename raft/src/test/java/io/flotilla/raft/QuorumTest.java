package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One arithmetic for votes, commits, reads and check-quorum (R26). A membership is written {@code 1
 * 2 3} or, joint, {@code 1 2 3 & 3 4}; values and votes follow the ids 1, 2, 3, ...
 */
class QuorumTest {

  private static SortedSet<Long> ids(String text) {
    SortedSet<Long> ids = new TreeSet<>();
    for (String id : text.trim().split("\\s+", -1)) {
      if (!id.isEmpty()) {
        ids.add(Long.parseLong(id));
      }
    }
    return ids;
  }

  private static Membership membership(String text) {
    List<String> halves = Arrays.asList(text.split("&", -1));
    SortedSet<Long> outgoing = halves.size() > 1 ? ids(halves.get(1)) : new TreeSet<>();
    return new Membership(ids(halves.get(0)), outgoing, new TreeSet<>(), new TreeSet<>());
  }

  @ParameterizedTest
  @CsvSource({
    "1,               5,          5",
    "1 2,             5 7,        5",
    "1 2,             0 7,        0",
    "1 2 3,           5 7 9,      7",
    "1 2 3,           0 0 9,      0",
    "1 2 3,           9 0 9,      9",
    "1 2 3 4,         1 2 3 4,    2",
    "1 2 3 4,         0 0 4 4,    0",
    "1 2 3 4 5,       1 2 3 4 5,  3",
    "1 2 3 4 5,       9 9 0 0 9,  9",
    "1 2 3 4 5,       9 9 0 0 0,  0",
    // Joint: the lesser of the halves, whichever it is.
    "1 2 3 & 4 5 6,   9 9 9 1 2 3, 2",
    "1 2 3 & 4 5 6,   1 2 3 9 9 9, 2",
    "1 2 3 & 3 4 5,   0 8 9 0 0,   0",
    "1 2 3 & 3 4 5,   0 8 9 7 0,   7",
    "1 & 2,           4 9,         4",
    "1 2 3 & 1 2 3,   4 5 6,       5",
    "1 & 1 2 3,       9 0 0,       0",
    "1 & 1 2 3,       9 3 0,       3"
  })
  void aQuorumHasReached(String membership, String values, long reached) {
    String[] byId = values.trim().split("\\s+", -1);
    assertThat(Quorum.reached(membership(membership), id -> Long.parseLong(byId[(int) id - 1])))
        .isEqualTo(reached);
  }

  @ParameterizedTest
  @CsvSource({
    "1,               y,       WON",
    "1,               n,       LOST",
    "1,               -,       PENDING",
    "1 2,             y-,      PENDING",
    "1 2,             yn,      LOST",
    "1 2,             yy,      WON",
    "1 2 3,           yy-,     WON",
    "1 2 3,           yn-,     PENDING",
    "1 2 3,           nn-,     LOST",
    "1 2 3 4,         yy--,    PENDING",
    "1 2 3 4,         yynn,    LOST",
    "1 2 3 4,         yyy-,    WON",
    "1 2 3 4 5,       yyn--,   PENDING",
    "1 2 3 4 5,       yyynn,   WON",
    "1 2 3 4 5,       yynnn,   LOST",
    // Joint: both halves, and either can lose it.
    "1 2 3 & 4 5 6,   yyy---,  PENDING",
    "1 2 3 & 4 5 6,   ---yyy,  PENDING",
    "1 2 3 & 4 5 6,   yy-yy-,  WON",
    "1 2 3 & 4 5 6,   yyynn-,  LOST",
    "1 2 3 & 4 5 6,   nn-yyy,  LOST",
    "1 2 3 & 3 4 5,   -yyy-,   WON",
    "1 & 2,           y-,      PENDING",
    "1 & 2,           yn,      LOST",
    "1 & 1 2 3,       y--,     PENDING"
  })
  void anElectionStands(String membership, String votes, Quorum.Vote result) {
    Membership m = membership(membership);
    LongPredicate yes = id -> votes.charAt((int) id - 1) == 'y';
    LongPredicate no = id -> votes.charAt((int) id - 1) == 'n';
    assertThat(Quorum.tally(m, yes, no)).isEqualTo(result);
    assertThat(Quorum.holds(m, yes)).isEqualTo(result == Quorum.Vote.WON);
  }

  @Test
  void learnersCountForNothing() {
    Membership m = Membership.of(List.of(1L, 2L, 3L), List.of(4L, 5L));
    assertThat(Quorum.holds(m, id -> id >= 3)).isFalse();
    assertThat(Quorum.reached(m, id -> id >= 3 ? 9 : 1)).isEqualTo(1);
  }

  /** What is reached is the highest value for which the voters at or above it are a quorum. */
  @Test
  void bothFunctionsAgreeOnWhatAQuorumIs() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 5_000; round++) {
      SortedSet<Long> incoming = new TreeSet<>();
      SortedSet<Long> outgoing = new TreeSet<>();
      for (long id = 1; id <= 7; id++) {
        if (random.nextBoolean()) {
          incoming.add(id);
        }
        if (random.nextInt(3) == 0) {
          outgoing.add(id);
        }
      }
      incoming.add(1L);
      long[] values = random.longs(8, 0, 6).toArray();
      Membership m = new Membership(incoming, outgoing, new TreeSet<>(), new TreeSet<>());
      long reached = Quorum.reached(m, id -> values[(int) id]);
      assertThat(Quorum.holds(m, id -> values[(int) id] >= reached)).isTrue();
      assertThat(Quorum.holds(m, id -> values[(int) id] > reached)).isFalse();
    }
  }
}
