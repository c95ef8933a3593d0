package io.flotilla.chaos;

import java.nio.file.Path;
import java.util.List;

/**
 * What a run with shards that split and move showed.
 *
 * @param plan what was to be done
 * @param seconds how long clients worked
 * @param tally how calls went
 * @param pauses of writers, by change
 * @param refused changes that the cluster refused, which were tried again
 * @param nodes what was done to whole nodes
 * @param shards of the user at the end
 * @param history the file with what clients saw
 * @param verdicts all that must hold
 */
record ElasticResult(
    ElasticPlan plan,
    double seconds,
    CallTally tally,
    Pauses pauses,
    int refused,
    Nodes nodes,
    int shards,
    Path history,
    List<Verdict> verdicts) {

  /**
   * What was done to whole nodes.
   *
   * @param kills of a node
   * @param drainSeconds until the drained node held nothing
   * @param replaceSeconds until a node that was killed and wiped held nothing and was struck off
   */
  record Nodes(int kills, double drainSeconds, double replaceSeconds) {}

  boolean holds() {
    return verdicts.stream().allMatch(Verdict::holds);
  }
}
