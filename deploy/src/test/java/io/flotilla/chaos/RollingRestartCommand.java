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

/** {@code chaos rolling-restart}. */
@Command(
    name = "rolling-restart",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Stops and starts three nodes one after the other while clients call without a pause, and"
          + " tells how much less was done meanwhile. Exit code 0 if no call failed and every"
          + " acknowledged write is there, 1 if not, 2 if the command line is wrong."
    })
final class RollingRestartCommand implements Callable<Integer> {
  private static final int MOST = 64;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--callers",
      paramLabel = "N",
      defaultValue = "8",
      description = "Threads that call, one call at a time each, 1 to 64. Default: 8")
  int callers;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "15",
      description = "Shards, 1 to 64. Default: 15")
  int shards;

  @Option(
      names = "--kill",
      description = "Kills the nodes (-9) instead, to see what stopping them saves.")
  boolean kill;

  @Mixin OutputOption output = new OutputOption();

  RollingRestartCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    CommandSpec known = Objects.requireNonNull(spec);
    require(known, callers >= 1 && callers <= MOST, "--callers " + callers);
    require(known, shards >= 1 && shards <= MOST, "--shards " + shards);
    WorkDirectory directory = WorkDirectory.of(null);
    PrintWriter err = known.commandLine().getErr();
    RollingRestart restart =
        new RollingRestart(
            new RollingRestart.Plan(callers, shards, kill),
            tools.java().get(),
            directory.path(),
            tools.nanoClock(),
            line -> ChaosCommand.say(err, line));
    RollingRestart.Result result;
    try {
      result = restart.run();
    } catch (CommandFailure | FlotillaException e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    output.print(known, () -> RollingRestart.text(result), () -> json(result));
    if (!result.defects().isEmpty()) {
      ChaosCommand.say(err, "logs are in " + directory.path());
      return 1;
    }
    directory.removeIfPassing();
    return 0;
  }

  private static void require(CommandSpec spec, boolean holds, String option) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), option + " is not within 1 to " + MOST);
    }
  }

  private static ObjectNode json(RollingRestart.Result result) {
    ObjectNode object = new ObjectMapper().createObjectNode();
    RollingRestart.json(object, result);
    return object;
  }
}
