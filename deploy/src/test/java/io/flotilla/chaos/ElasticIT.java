package io.flotilla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.SmallNodes;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code deploy/bin/chaos elastic} runs, with few changes. {@code -Dflotilla.chaosSeed=N}
 * gives the choices of a run that failed.
 */
@Timeout(400)
class ElasticIT {
  private static final Path JAR = Path.of("target/flotilla.jar").toAbsolutePath();

  @TempDir Path directory;

  @Test
  void clientsDoNotNotice_whileShardsSplitAndMoveAndANodeIsDrainedAndOneReplaced()
      throws Exception {
    long seed = Long.getLong("flotilla.chaosSeed", System.currentTimeMillis() % 1_000_000);
    ElasticPlan plan = new ElasticPlan(seed, ElasticPlan.LOAD, new ElasticPlan.Counts(3, 3, 3, 1));
    ElasticResult result =
        new ElasticRun(plan, SmallNodes.of(JAR), directory, System::nanoTime, System.out::println)
            .run();
    System.out.println(ElasticReport.text(result));
    if (!result.holds()) {
      printLogs();
    }
    assertThat(result.verdicts())
        .as("seed %d, failed calls %s", seed, result.tally().failures())
        .allMatch(Verdict::holds);
  }

  private void printLogs() throws Exception {
    for (int node = 1; node <= ElasticPlan.NODES; node++) {
      Path log = directory.resolve("node" + node + ".log");
      System.out.println("--- " + log.getFileName());
      Files.readAllLines(log).forEach(System.out::println);
    }
  }
}
