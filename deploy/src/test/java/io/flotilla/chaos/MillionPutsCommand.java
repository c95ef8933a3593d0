package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.CommandFailure;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Overflow;
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

/** {@code chaos million-puts}: what a caller costs that never waits. */
@Command(
    name = "million-puts",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a million puts against three nodes and waits for none of them before the last: how"
          + " much memory the client takes, how long it all lasts, how each put ended.",
      "Give this process little memory to see that it needs no more (FLOTILLA_JAVA_OPTS).",
      "Exit code 0 if each put ended, each acknowledged one is there, and, unless --overflow fail,"
          + " none failed; else 1."
    },
    footer = {
      "",
      "Examples:",
      "  FLOTILLA_JAVA_OPTS=-Xmx256m chaos million-puts",
      "  chaos million-puts --puts 100000 --overflow fail"
    })
final class MillionPutsCommand implements Callable<Integer> {
  private static final int MOST_PUTS = 10_000_000;
  private static final int VALUE_BYTES = 100;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--puts",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "How many, 1 to 10000000. Default: 1000000")
  int puts;

  @Option(
      names = "--overflow",
      paramLabel = "wait|fail",
      defaultValue = "wait",
      description = "What a put does while the client has no room. Default: wait")
  String overflow = "";

  @Mixin OutputOption output = new OutputOption();

  MillionPutsCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    MillionPuts.Plan plan = plan();
    WorkDirectory directory = WorkDirectory.of(null);
    PrintWriter err = spec().commandLine().getErr();
    MillionPuts.Result result;
    try {
      result =
          new MillionPuts(
                  plan,
                  tools.java().get(),
                  directory.path(),
                  tools.nanoClock(),
                  line -> ChaosCommand.say(err, line))
              .run();
    } catch (CommandFailure | FlotillaException e) {
      ChaosCommand.say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    directory.removeIfPassing();
    output.print(spec(), () -> MillionPuts.text(result), () -> json(result));
    return result.holds() ? 0 : 1;
  }

  private MillionPuts.Plan plan() {
    if (puts < 1 || puts > MOST_PUTS) {
      throw wrong("--puts " + puts + " is not within 1 to " + MOST_PUTS);
    }
    Overflow policy =
        switch (overflow) {
          case "wait" -> Overflow.WAIT;
          case "fail" -> Overflow.FAIL;
          default -> throw wrong("--overflow '" + overflow + "' is neither wait nor fail");
        };
    return new MillionPuts.Plan(puts, VALUE_BYTES, policy, DEADLINE);
  }

  private static ObjectNode json(MillionPuts.Result result) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("puts", result.plan().puts())
            .put("value_bytes", result.plan().valueBytes())
            .put("called_s", result.callNanos() / 1e9)
            .put("ended_s", result.nanos() / 1e9)
            .put("heap_before_bytes", result.heapBefore())
            .put("heap_peak_bytes", result.heapPeak())
            .put("heap_max_bytes", result.heapMax())
            .put("found", result.found())
            .put("holds", result.holds());
    ObjectNode ends = object.putObject("ends");
    result.ends().forEach(ends::put);
    return object;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }
}
