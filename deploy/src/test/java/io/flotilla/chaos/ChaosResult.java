package io.flotilla.chaos;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a run showed.
 *
 * @param seed of all that was chosen
 * @param seconds how long clients worked
 * @param tally how calls went
 * @param faults how often each was done
 * @param shards of the user at the end
 * @param history the file with what clients saw
 * @param verdicts all that must hold
 */
record ChaosResult(
    long seed,
    double seconds,
    CallTally tally,
    Map<FaultKind, Nemesis.Count> faults,
    int shards,
    Path history,
    List<Verdict> verdicts) {
  boolean holds() {
    return verdicts.stream().allMatch(Verdict::holds);
  }
}
