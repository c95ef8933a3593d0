package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Durations;
import io.flotilla.client.FlotillaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaos black-hole}: what a lost node costs calls that do not need it. */
@Command(
    name = "black-hole",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures calls to shards that are led by other nodes while one of three swallows all that is"
          + " sent to it (it is frozen), against the same calls without, in turn in one run.",
      "Exit code 0 if no call failed, 1 if one did, 2 if the command line is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  chaos black-hole                          5 rounds of 2 x 10 s",
      "  chaos black-hole --slow                   tells what slow calls waited for",
      "  chaos black-hole --rounds 20 --output json"
    })
final class BlackHoleCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 1_000;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Times without and with a black hole, 1 to 1000. Default: 5")
  int rounds;

  @Option(
      names = "--phase",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long each of these lasts. Default: 10s")
  String phase = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is chosen. Default: another one each time, which is printed")
  @Nullable Long seed;

  @Option(
      names = "--slow",
      description = "Tells the tries of each call that took over a second, on the error output")
  boolean slow;

  @Mixin OutputOption output = new OutputOption();

  BlackHoleCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    BlackHole.Plan plan = plan();
    WorkDirectory directory = WorkDirectory.of(null);
    PrintWriter err = spec().commandLine().getErr();
    BlackHole measured =
        new BlackHole(
            plan,
            tools.java().get(),
            directory.path(),
            tools.nanoClock(),
            line -> ChaosCommand.say(err, line));
    BlackHole.Result result;
    try {
      result = measured.run();
    } catch (CommandFailure | FlotillaException e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    directory.removeIfPassing();
    output.print(spec(), () -> BlackHole.text(result), () -> json(result));
    return result.failed() == 0 ? 0 : 1;
  }

  private BlackHole.Plan plan() {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw wrong("--rounds " + rounds + " is not within 1 to 1000");
    }
    Duration each;
    try {
      each = Durations.parse(phase);
    } catch (IllegalArgumentException e) {
      throw wrong("--phase: " + e.getMessage());
    }
    long chosen = seed == null ? tools.anySeed().getAsLong() : seed;
    return new BlackHole.Plan(chosen, rounds, each, ChaosPlan.Load.DEFAULT, slow);
  }

  private static ObjectNode json(BlackHole.Result result) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seed", result.plan().seed())
            .put("rounds", result.plan().rounds())
            .put("failed", result.failed());
    ChaosReport.json(object.putObject("without"), result.without().all());
    ChaosReport.json(object.putObject("with"), result.with().all());
    return object.put("p999_ratio", result.ratio());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
