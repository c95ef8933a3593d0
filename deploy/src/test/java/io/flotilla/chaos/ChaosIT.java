package io.flotilla.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.SmallNodes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code deploy/bin/chaos} runs, for less than a minute. {@code -Dflotilla.chaosSeed=N} gives
 * the choices of a run that failed.
 */
@Timeout(300)
class ChaosIT {
  private static final Path JAR = Path.of("target/flotilla.jar").toAbsolutePath();
  private static final Duration TIME = Duration.ofSeconds(45);

  @TempDir Path directory;

  @Test
  void promisesHold_whileLeadersMoveShardsSplitAndNodesDie() throws Exception {
    long seed = Long.getLong("flotilla.chaosSeed", System.currentTimeMillis() % 1_000_000);
    ChaosPlan plan = new ChaosPlan(seed, TIME, ChaosPlan.Load.DEFAULT, ChaosPlan.Every.DEFAULT);
    ChaosResult result =
        new ChaosRun(plan, SmallNodes.of(JAR), directory, System::nanoTime, System.out::println)
            .run();
    System.out.println(ChaosReport.text(result));
    if (!result.holds()) {
      printLogs();
    }
    assertThat(result.verdicts())
        .as("seed %d, failed calls %s", seed, result.tally().failures())
        .allMatch(Verdict::holds);
  }

  private void printLogs() throws Exception {
    for (int node = 1; node <= ChaosPlan.NODES; node++) {
      Path log = directory.resolve("node" + node + ".log");
      List<String> lines = Files.readAllLines(log);
      System.out.println("--- " + log.getFileName());
      lines.forEach(System.out::println);
    }
  }
}
