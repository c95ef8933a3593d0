package io.flotilla.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Many short random lives: proposals, reads, transfers, changes of membership, loss, doubling,
 * disorder, partitions, crashes between any two steps. After every step nothing may have happened
 * that may not; at the end, healed, the group must be well.
 *
 * <p>{@code -Dflotilla.seed=N} replays one life, {@code -Dflotilla.seeds=N} runs N of them.
 */
class RaftSeedsTest {
  private static final int SEEDS = 2_000;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Lives that once showed a fault; each stays. */
  private static final long[] ONCE_BAD = {47, 244, 1481, 2402};

  @Test
  void nothingForbiddenHappensAndAHealedGroupIsWell() {
    Long only = Long.getLong("flotilla.seed");
    if (only != null) {
      live(only);
      return;
    }
    for (long seed : ONCE_BAD) {
      live(seed);
    }
    long seeds = Long.getLong("flotilla.seeds", SEEDS);
    long committed = 0;
    long terms = 0;
    long reads = 0;
    long memberships = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      RaftOracle seen = live(seed).oracle;
      committed += seen.committedCount();
      terms += seen.terms();
      reads += seen.readsConfirmed();
      memberships += seen.membershipsCommitted();
    }
    // Lives in which nothing happens prove nothing.
    assertThat(committed).as("entries committed").isGreaterThan(5 * seeds);
    assertThat(terms).as("leaders").isGreaterThan(2 * seeds);
    assertThat(reads).as("reads confirmed").isGreaterThan(seeds / 2);
    assertThat(memberships).as("memberships committed").isGreaterThan(seeds / 4);
  }

  private static SeedRun live(long seed) {
    try {
      SeedRun run = new SeedRun(seed);
      // A core that never runs out of things to say would hang otherwise, and name no seed.
      assertTimeoutPreemptively(LIMIT, run::run);
      return run;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + ": "
              + e.getMessage()
              + "; replay: mvn -q -pl raft test -Dtest=RaftSeedsTest -Dflotilla.seed="
              + seed,
          e);
    }
  }
}
