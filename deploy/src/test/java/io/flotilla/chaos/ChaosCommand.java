package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Durations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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

/** {@code deploy/bin/chaos}: the promises to clients, over real processes and under faults. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts three nodes on this machine and lets clients call while leaders move every 2 s,"
          + " shards split every 10 s, and a node is killed (-9) and started again every 20 s and"
          + " frozen for 5 s in between; then holds what clients were told against what is"
          + " promised.",
      "Exit code 0 if all holds, 1 if something does not or a kind of fault never happened, 2 if"
          + " the command line is wrong. docs/chaos.md says what is judged."
    },
    footer = {
      "",
      "Examples:",
      "  chaos                            a minute",
      "  chaos --time 10m --seed 4711     ten, with the choices of a seed",
      "  chaos --time 8h --data /tmp/c    a night; nodes, logs and history stay in /tmp/c",
      "  chaos --frozen 15s               nodes stay silent for longer than a call may take",
      "  chaos --deadline 300ms           shows what a failure looks like",
      "  chaos elastic                    shards split and move, nodes are drained and replaced",
      "  chaos failover                   how long writers wait when their leader dies",
      "  chaos black-hole                 what a node that is lost costs calls to the others",
      "  chaos no-server                  what a client says before there is a server",
      "  chaos million-puts               what a caller costs that never waits",
      "  chaos rolling-restart            what an upgrade costs, node by node"
    })
final class ChaosCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 256;
  private static final int LEAST_KEYS = 64;
  private static final int MOST_KEYS = 10_000;
  private static final int MOST_CALLS = 100_000;

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "1m",
      description = "How long, such as 90s, 10m, 8h. Default: 1m")
  String time = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of all that is chosen. Default: another one each time, which is printed")
  @Nullable Long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "16",
      description = "Client threads, 1 to 256. Default: 16")
  int threads;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "256",
      description = "Keys, 64 to 10000; an eighth are counters. Default: 256")
  int keys;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "400",
      description = "Calls a second of all threads, at most, 1 to 100000. Default: 400")
  int rate;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Deadline of each call, 1ms to 60s. Default: 10s")
  String deadline = "";

  @Option(
      names = "--frozen",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "How long a node is frozen each time. Default: 5s")
  String frozen = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "New or empty directory for nodes, logs and history.jsonl, which stay. Default: a passing"
              + " one, which stays only if something does not hold")
  @Nullable Path data;

  @Mixin OutputOption output = new OutputOption();

  ChaosCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    ChaosPlan plan = plan();
    WorkDirectory directory = directory();
    PrintWriter err = spec().commandLine().getErr();
    ChaosRun run =
        new ChaosRun(
            plan, tools.java().get(), directory.path(), tools.nanoClock(), line -> say(err, line));
    ChaosResult result;
    try {
      result = run.run();
    } catch (CommandFailure e) {
      say(err, "chaos: " + e.getMessage() + "; logs are in " + directory.path());
      return 1;
    }
    boolean stays = !result.holds() || !directory.passing();
    output.print(spec(), () -> ChaosReport.text(result), () -> ChaosReport.json(result, stays));
    if (result.holds()) {
      directory.removeIfPassing();
      return 0;
    }
    say(err, "nodes, logs and history stay in " + directory.path());
    return 1;
  }

  static void say(PrintWriter err, String line) {
    synchronized (err) {
      err.println(line);
      err.flush();
    }
  }

  private ChaosPlan plan() {
    require(threads >= 1 && threads <= MOST_THREADS, "--threads " + threads, "1 to 256");
    require(keys >= LEAST_KEYS && keys <= MOST_KEYS, "--keys " + keys, "64 to 10000");
    require(rate >= 1 && rate <= MOST_CALLS, "--rate " + rate, "1 to 100000");
    Duration each = duration("--deadline", deadline);
    boolean possible = !each.isZero() && each.compareTo(Duration.ofSeconds(60)) <= 0;
    require(possible, "--deadline " + deadline, "1ms to 60s");
    int clients = Math.min(threads, ChaosPlan.Load.DEFAULT.clients());
    return new ChaosPlan(
        seed == null ? tools.anySeed().getAsLong() : seed,
        duration("--time", time),
        new ChaosPlan.Load(threads, clients, keys, rate, each),
        ChaosPlan.Every.DEFAULT.frozenFor(duration("--frozen", frozen)));
  }

  private Duration duration(String option, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private void require(boolean holds, String what, String bounds) {
    if (!holds) {
      throw wrong(what + " is not within " + bounds);
    }
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
