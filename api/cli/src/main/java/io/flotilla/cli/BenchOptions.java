package io.flotilla.cli;

import io.flotilla.cli.bench.BenchPlan;
import io.flotilla.cli.bench.Distribution;
import io.flotilla.cli.bench.KeySet;
import io.flotilla.cli.bench.Workload;
import io.flotilla.client.Key;
import io.flotilla.client.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What load {@code flotilla bench} makes. */
final class BenchOptions {
  static final int MOST_CLIENTS = 64;
  static final int MOST_SHARDS = 10_000;

  private static final int MOST_OUTSTANDING = 100_000;

  /** Half of what a client has room for: callbacks must never wait for it. */
  private static final long MOST_BYTES = 32L << 20;

  /** What a client counts for a call beside its own bytes, and what its answer may take. */
  private static final long OVERHEAD_BYTES = 2_048;

  private static final double MOST_PER_SECOND = 10_000_000;
  private static final Duration LONGEST = Duration.ofDays(7);

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--keys",
      paramLabel = "N",
      description = "Number of keys, up to 50,000,000. Default: ${DEFAULT-VALUE}.")
  long keys = 100_000;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      description =
          "All keys begin with it; what was there before is overwritten."
              + " Default: ${DEFAULT-VALUE}.")
  String prefix = "bench/";

  @Option(
      names = "--key-size",
      paramLabel = "BYTES",
      description =
          "Bytes of a key with its prefix: at least 8 more than the prefix, at most 480."
              + " Default: ${DEFAULT-VALUE}.")
  int keySize = 16;

  @Option(
      names = "--value-size",
      paramLabel = "BYTES",
      description = "Bytes of a value, 24 to 1048576. Default: ${DEFAULT-VALUE}.")
  int valueSize = 128;

  @Option(
      names = "--distribution",
      paramLabel = "uniform|zipfian|latest",
      description = "Which keys are liked. Default: as the workload has it.")
  @Nullable Distribution distribution;

  @Option(
      names = "--outstanding",
      split = ",",
      paramLabel = "N",
      description =
          "Operations under way at one time, over all clients; with commas between them, one run"
              + " each. Default: 64.")
  List<Integer> outstanding = List.of(64);

  @Option(
      names = "--clients",
      paramLabel = "N",
      description =
          "Java clients, each with connections of its own, 1 to 64. Default: ${DEFAULT-VALUE}.")
  int clients = 1;

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      description =
          "Issues so many operations a second whether or not earlier ones have ended; times count"
              + " from when each was due. Default: each that ends issues the next one.")
  @Nullable Double rate;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      description = "Time before each measurement. Default: ${DEFAULT-VALUE}.")
  String warmUp = "5s";

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "Time of each measurement. Default: ${DEFAULT-VALUE}.")
  String time = "10s";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the choice of operations and keys. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  /** What was asked for; throws for mistakes. */
  BenchPlan plan(Workload workload) {
    between("--keys", keys, 1, BenchPlan.MAX_KEYS);
    int head = prefix.getBytes(StandardCharsets.UTF_8).length;
    between("--key-size", keySize, head + KeySet.MIN_DIGITS, Key.MAX_BYTES);
    between("--value-size", valueSize, BenchPlan.MIN_VALUE_BYTES, Value.MAX_BYTES);
    between("--clients", clients, 1, MOST_CLIENTS);
    outstanding.forEach(number -> between("--outstanding", number, 1, MOST_OUTSTANDING));
    for (int number : outstanding) {
      long bytes = (long) number * (valueSize + keySize + OVERHEAD_BYTES) / clients;
      if (bytes > MOST_BYTES) {
        throw usage(
            "--outstanding '%d' of values of %d bytes are over 32 MiB a client: add --clients"
                .formatted(number, valueSize));
      }
    }
    if (rate != null && !(rate > 0 && rate <= MOST_PER_SECOND)) {
      throw usage("--rate '%s' is not more than 0 and at most 10000000".formatted(rate));
    }
    return new BenchPlan(
        workload,
        distribution != null ? distribution : workload.distribution(),
        new KeySet(prefix, keySize - head, keys),
        valueSize,
        Optional.ofNullable(rate).orElse(0.0),
        new BenchPlan.Schedule(time("--warmup", warmUp, 0), time("--time", time, 1), seed));
  }

  /** Says which number is out of its bounds. */
  void between(String option, long number, long least, long most) {
    if (number < least || number > most) {
      throw usage(
          String.format(
              Locale.ROOT, "%s '%d' is not a number from %d to %d", option, number, least, most));
    }
  }

  private Duration time(String option, String text, long leastMillis) {
    Duration parsed;
    try {
      parsed = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage(option + " " + e.getMessage());
    }
    if (parsed.toMillis() < leastMillis || parsed.compareTo(LONGEST) > 0) {
      throw usage("%s '%s' is not %dms to 168h".formatted(option, text, leastMillis));
    }
    return parsed;
  }

  private ParameterException usage(String message) {
    return Usage.wrong(spec, message);
  }
}
