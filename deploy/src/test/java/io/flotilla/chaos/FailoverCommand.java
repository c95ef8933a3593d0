package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.CommandFailure;
import io.flotilla.client.FlotillaException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code chaos failover}: how long writers wait for a new leader. */
@Command(
    name = "failover",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kills (-9) the node that leads a shard of a cluster of four; measures how long no write of"
          + " that shard is acknowledged, and what writers of shards led by other nodes notice.",
      "Exit code 0 if no write failed, 1 if one did, 2 if the command line is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  chaos failover                            ten kills",
      "  chaos failover --repeats 50 --output json"
    })
final class FailoverCommand implements Callable<Integer> {
  private static final int MOST_REPEATS = 1_000;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "10",
      description = "Kills, 1 to 1000. Default: 10")
  int repeats;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is chosen. Default: another one each time, which is printed")
  @Nullable Long seed;

  @Mixin OutputOption output = new OutputOption();

  FailoverCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    CommandSpec known = Objects.requireNonNull(spec);
    if (repeats < 1 || repeats > MOST_REPEATS) {
      throw new ParameterException(
          known.commandLine(), "--repeats " + repeats + " is not within 1 to 1000");
    }
    WorkDirectory directory = WorkDirectory.of(null);
    PrintWriter err = known.commandLine().getErr();
    Failover measured =
        new Failover(
            seed == null ? tools.anySeed().getAsLong() : seed,
            repeats,
            tools.java().get(),
            directory.path(),
            tools.nanoClock(),
            line -> ChaosCommand.say(err, line));
    Failover.Result result;
    try {
      result = measured.run();
    } catch (CommandFailure | FlotillaException e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    directory.removeIfPassing();
    output.print(known, () -> Failover.text(result), () -> json(result));
    return result.defects().isEmpty() ? 0 : 1;
  }

  private static ObjectNode json(Failover.Result result) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seed", result.seed())
            .put("election_timeout_ms", Failover.ELECTION_TIMEOUT.toMillis());
    ChaosReport.json(object.putObject("no_write"), result.lost());
    ChaosReport.json(object.putObject("elsewhere_before"), result.elsewhereBefore());
    ChaosReport.json(object.putObject("elsewhere_after"), result.elsewhereDuring());
    result.defects().forEach(object.putArray("defects")::add);
    return object;
  }
}
