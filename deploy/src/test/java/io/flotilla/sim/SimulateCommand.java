package io.flotilla.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.Durations;
import io.flotilla.history.HistoryJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code deploy/bin/simulate}: seeds of the whole-node simulation, outside of any build. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = CheckCommand.class,
    description = {
      "Runs whole clusters of production nodes in one process, on virtual time, with faults drawn"
          + " from a seed, and holds them to what is promised.",
      "Exit code 0 if every seed holds, 1 if one does not or the run proves nothing because"
          + " something that matters never happened, 2 if the command line is wrong."
    },
    footer = {
      "",
      "Examples:",
      "  simulate                              seeds 0 to 999",
      "  simulate --seeds 1000.. --time 8h     a night",
      "  simulate --seed 4711                  one seed, with its trace",
      "  simulate --seed 4711 --history .      what its clients saw, to history-4711.jsonl",
      "  simulate check history-4711.jsonl     is it linearizable?"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_NANOS = 1_000_000_000;

  /** How results are printed. */
  enum Output {
    text,
    json
  }

  private final LongSupplier nanoClock;
  private final boolean interactive;
  private long shownAt;
  private long seedsDone;
  private long eventsDone;

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "FROM..TO",
      defaultValue = "0..999",
      description = "Seeds, both ends included; without TO until the time is over. Default: 0..999")
  String seeds = "";

  @Option(names = "--seed", paramLabel = "N", description = "One seed, with its trace on stderr.")
  @Nullable Long seed;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "Begins no seed after this time, such as 90s, 30m, 8h.")
  String time = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seeds that run at once, 1 to 256. Default: 1")
  int threads;

  @Option(
      names = "--failures",
      paramLabel = "N",
      defaultValue = "1",
      description = "Goes on until so many seeds have failed. Default: 1")
  int failures;

  @Option(
      names = "--history",
      paramLabel = "DIR",
      description = "Writes history-SEED.jsonl of each seed that failed, or of --seed, there.")
  @Nullable Path history;

  @Option(names = "--hashes", description = "Prints the hash of each seed's trace.")
  boolean hashes;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text")
  Output output = Output.text;

  /**
   * The command.
   *
   * @param interactive whether somebody watches standard error
   */
  SimulateCommand(LongSupplier nanoClock, boolean interactive) {
    this.nanoClock = nanoClock;
    this.interactive = interactive;
  }

  @Override
  public Integer call() throws InterruptedException {
    SeedRunner.Plan plan = plan();
    Logger logs = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = logs.getLevel();
    PrintWriter out = spec().commandLine().getOut();
    SeedSummary summary;
    try {
      // Thousands of nodes die in the simulation, and each says so.
      logs.setLevel(seed == null ? Level.OFF : Level.WARN);
      summary = new SeedRunner(plan, nanoClock, result -> ended(out, result), seed != null).run();
    } finally {
      logs.setLevel(level);
    }
    clearProgress();
    boolean fine = summary.failed().isEmpty() && summary.neverHappened().isEmpty();
    if (output == Output.json) {
      out.println(object(summary));
    } else {
      tell(out, summary);
    }
    out.flush();
    return fine ? 0 : 1;
  }

  private SeedRunner.Plan plan() {
    SeedRange range =
        seed == null ? read("--seeds", () -> SeedRange.parse(seeds)) : new SeedRange(seed, seed);
    Duration longest =
        time.isEmpty()
            ? Duration.ofNanos(Long.MAX_VALUE)
            : read("--time", () -> Durations.parse(time));
    if (range.isEndless() && time.isEmpty()) {
      throw wrong("--seeds '" + seeds + "' has no end: give --time, or an end");
    }
    if (threads < 1 || threads > 256) {
      throw wrong("--threads " + threads + " is not within 1 to 256");
    }
    if (failures < 1) {
      throw wrong("--failures " + failures + " is less than 1");
    }
    if (history != null && !Files.isDirectory(history)) {
      throw wrong("--history '" + history + "' is no directory: make it first");
    }
    return new SeedRunner.Plan(range.first(), range.last(), longest.toNanos(), threads, failures);
  }

  private <T> T read(String option, Callable<T> value) {
    try {
      return value.call();
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec);
  }

  private void ended(PrintWriter out, SeedResult result) {
    seedsDone++;
    eventsDone += result.events();
    clearProgress();
    if (hashes && output == Output.text) {
      out.printf("seed %d: trace %016x%n", result.seed(), result.traceHash());
    }
    if (result.failure().isPresent() && output == Output.text) {
      out.println(result.report());
    }
    if (history != null && (seed != null || result.failure().isPresent())) {
      write(history.resolve("history-" + result.seed() + ".jsonl"), result);
    }
    if (interactive && seed == null && nanoClock.getAsLong() - shownAt > PROGRESS_NANOS) {
      shownAt = nanoClock.getAsLong();
      spec().commandLine().getErr().printf("\r%,d seeds, %,d events", seedsDone, eventsDone);
      spec().commandLine().getErr().flush();
    }
  }

  private void clearProgress() {
    if (interactive && shownAt != 0) {
      spec().commandLine().getErr().print("\r" + " ".repeat(60) + "\r");
    }
  }

  private static void write(Path file, SeedResult result) {
    try {
      HistoryJson.write(result.history(), file);
    } catch (IOException e) {
      throw new UncheckedIOException("--history: " + file + " cannot be written", e);
    }
  }

  private void tell(PrintWriter out, SeedSummary summary) {
    out.print(summary.coverage());
    out.println(summary.rates());
    summary.neverHappened().forEach(what -> out.println("never happened: " + what));
    out.println(
        summary.failed().isEmpty()
            ? "no seed failed"
            : summary.failed().size() + " failed: replay one with --seed");
  }

  private ObjectNode object(SeedSummary summary) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("seeds", summary.seeds())
            .put("events", summary.events())
            .put("seconds", summary.nanos() / 1e9)
            .put("threads", summary.threads())
            .put("events_per_second_and_thread", Math.round(summary.eventsPerSecond()));
    ArrayNode failed = object.putArray("failed");
    for (SeedResult result : summary.failed()) {
      failed.addObject().put("seed", result.seed()).put("reason", result.failure().orElse(""));
    }
    ArrayNode never = object.putArray("never_happened");
    summary.neverHappened().forEach(never::add);
    ObjectNode coverage = object.putObject("coverage");
    summary.coverage().counts().forEach(coverage::put);
    return object;
  }
}
