package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaos elastic}: shards split and move, and clients do not notice. */
@Command(
    name = "elastic",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts four nodes and lets clients call while shards split, replicas move, leaders move and"
          + " nodes are killed (-9) and started again; then one node is drained, and one is killed,"
          + " wiped and replaced. Measures how long a writer waits at each change of its shard.",
      "Exit code 0 if all holds that docs/chaos.md says, 1 if something does not, 2 if the command"
          + " line is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  chaos elastic                                        about five minutes",
      "  chaos elastic --splits 3 --moves 3 --transfers 3 --kills 1",
      "  chaos elastic --seed 7 --output json"
    })
final class ElasticCommand implements Callable<Integer> {
  private static final int MOST = 1_000;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(names = "--splits", paramLabel = "N", defaultValue = "20", description = "Default: 20")
  int splits;

  @Option(
      names = "--moves",
      paramLabel = "N",
      defaultValue = "20",
      description = "Of replicas, by operations. Default: 20")
  int moves;

  @Option(
      names = "--transfers",
      paramLabel = "N",
      defaultValue = "20",
      description = "Of leaders. Default: 20")
  int transfers;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "5",
      description = "Of nodes, which are started again. Default: 5. Of each 1 to 1000")
  int kills;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is chosen. Default: another one each time, which is printed")
  @Nullable Long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "New or empty directory for nodes, logs and history.jsonl, which stay. Default: a passing"
              + " one, which stays only if something does not hold")
  @Nullable Path data;

  @Mixin OutputOption output = new OutputOption();

  ElasticCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    ElasticPlan plan = plan();
    WorkDirectory directory = directory();
    PrintWriter err = spec().commandLine().getErr();
    ElasticRun run =
        new ElasticRun(
            plan,
            tools.java().get(),
            directory.path(),
            tools.nanoClock(),
            line -> ChaosCommand.say(err, line));
    ElasticResult result;
    try {
      result = run.run();
    } catch (CommandFailure e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    boolean stays = !result.holds() || !directory.passing();
    output.print(spec(), () -> ElasticReport.text(result), () -> ElasticReport.json(result, stays));
    if (result.holds()) {
      directory.removeIfPassing();
      return 0;
    }
    ChaosCommand.say(err, "nodes, logs and history stay in " + directory.path());
    return 1;
  }

  private ElasticPlan plan() {
    ElasticPlan.Counts counts =
        new ElasticPlan.Counts(
            within("--splits", splits),
            within("--moves", moves),
            within("--transfers", transfers),
            within("--kills", kills));
    long chosen = seed == null ? tools.anySeed().getAsLong() : seed;
    return new ElasticPlan(chosen, ElasticPlan.LOAD, counts);
  }

  private int within(String option, int number) {
    if (number < 1 || number > MOST) {
      throw wrong(option + " " + number + " is not within 1 to 1000");
    }
    return number;
  }

  private WorkDirectory directory() throws IOException {
    try {
      return WorkDirectory.of(data);
    } catch (IllegalArgumentException e) {
      throw wrong("--data: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
