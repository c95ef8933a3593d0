package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.CommandFailure;
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

/** {@code chaos skew}: splits and leaders follow the load. */
@Command(
    name = "skew",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Puts a skewed load on the only shard of a new cluster of three, and waits until automatic"
          + " splits and moves of leaders have brought the nodes within 20 % of each other. Then"
          + " all calls are for one key, of which 'shard why' must say that no split divides it.",
      "Exit code 0 if both came to be and no call failed, 1 if not, 2 if the command line is wrong."
    },
    footer = {"", "Examples:", "  chaos skew", "  chaos skew --rate 2000 --split-load 150"})
final class SkewCommand implements Callable<Integer> {
  private static final int MOST_RATE = 100_000;
  private static final int LEAST_SPLIT_LOAD = 10;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Calls a second, 100 to 100000. Default: 1000")
  int rate;

  @Option(
      names = "--split-load",
      paramLabel = "N",
      defaultValue = "80",
      description = "Requests a second from which a shard is split, 10 or more. Default: 80")
  int splitLoad;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      defaultValue = "420",
      description = "How long each of the two parts may take, 60 to 3600. Default: 420")
  int limit;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is chosen. Default: another one each time, which is printed")
  @Nullable Long seed;

  @Mixin OutputOption output = new OutputOption();

  SkewCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    CommandSpec known = Objects.requireNonNull(spec);
    require("--rate", rate, 100, MOST_RATE);
    require("--split-load", splitLoad, LEAST_SPLIT_LOAD, Integer.MAX_VALUE);
    require("--limit", limit, 60, 3_600);
    WorkDirectory directory = WorkDirectory.of(null);
    PrintWriter err = known.commandLine().getErr();
    long chosen = seed == null ? tools.anySeed().getAsLong() : seed;
    Skew skew =
        new Skew(
            new Skew.Plan(chosen, rate, splitLoad, Duration.ofSeconds(limit)),
            tools.java().get(),
            directory.path(),
            tools.nanoClock(),
            line -> ChaosCommand.say(err, line));
    Skew.Result result;
    try {
      result = skew.run();
    } catch (CommandFailure | FlotillaException e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    directory.removeIfPassing();
    output.print(known, () -> Skew.text(result), () -> json(result));
    return result.holds() ? 0 : 1;
  }

  private void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "%s %d is not within %d to %d".formatted(name, value, least, most));
    }
  }

  private static ObjectNode json(Skew.Result result) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seed", result.plan().seed())
            .put("even_after_ms", result.evenAfterMillis())
            .put("shards", result.shards())
            .put("most_to_least", result.unevenness())
            .put("verdict", result.verdict())
            .put("split_afterwards", result.splitAfterwards())
            .put("calls", result.calls());
    ObjectNode loads = object.putObject("requests_per_second");
    result.loads().forEach((node, load) -> loads.put(String.valueOf(node), load));
    result.defects().forEach(object.putArray("defects")::add);
    return object;
  }
}
