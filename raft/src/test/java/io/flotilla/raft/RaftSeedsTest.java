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
      live(only, Boolean.getBoolean("flotilla.churn"));
      return;
    }
    for (long seed : ONCE_BAD) {
      live(seed, false);
    }
    long seeds = Long.getLong("flotilla.seeds", SEEDS);
    long committed = 0;
    long terms = 0;
    long reads = 0;
    long memberships = 0;
    long leases = 0;
    long attacks = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      SeedRun run = live(seed, false);
      attacks += run.attacks.times();
      RaftOracle seen = run.oracle;
      committed += seen.committedCount();
      terms += seen.terms();
      reads += seen.readsConfirmed();
      memberships += seen.membershipsCommitted();
      leases += seen.leasesSeen();
    }
    // Lives in which nothing happens prove nothing.
    assertThat(committed).as("entries committed").isGreaterThan(5 * seeds);
    assertThat(terms).as("leaders").isGreaterThan(2 * seeds);
    assertThat(reads).as("reads confirmed").isGreaterThan(seeds / 2);
    assertThat(memberships).as("memberships committed").isGreaterThan(seeds / 4);
    assertThat(leases).as("moments with a lease").isGreaterThan(seeds);
    assertThat(attacks).as("attacks on reads").isGreaterThan(seeds / 4);
  }

  /** Learners, joint changes, removals, new replicas in the place of old ones, again and again. */
  @Test
  void aGroupOutlivesAnyChangesOfItsMembership() {
    long seeds = Long.getLong("flotilla.seeds", SEEDS) / 4;
    long memberships = 0;
    for (long seed = 1; seed <= seeds && Long.getLong("flotilla.seed") == null; seed++) {
      memberships += live(seed, true).oracle.membershipsCommitted();
    }
    assertThat(memberships).as("memberships committed").isGreaterThanOrEqualTo(2 * seeds);
  }

  private static SeedRun live(long seed, boolean churns) {
    try {
      SeedRun run = new SeedRun(seed, churns);
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
              + seed
              + (churns ? " -Dflotilla.churn=true" : ""),
          e);
    }
  }
}
