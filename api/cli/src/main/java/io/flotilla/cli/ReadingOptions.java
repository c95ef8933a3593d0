package io.flotilla.cli;

import io.flotilla.client.Kv;
import io.flotilla.client.ReadOptions;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which replica may answer reads, and how old its answer may be. */
final class ReadingOptions {
  /** How fresh. */
  enum Level {
    LINEARIZABLE,
    FOLLOWER,
    STALE;

    /** As it is written on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--consistency",
      paramLabel = "linearizable|follower|stale",
      description = {
        "linearizable: every write acknowledged before is seen; the leader answers. The default.",
        "follower: the same, but any replica answers, after asking its leader.",
        "stale: whatever a replica has; works without a leader."
      })
  Level consistency = Level.LINEARIZABLE;

  @Option(
      names = "--max-staleness",
      paramLabel = "TIME",
      description =
          "With --consistency stale: an answer is at most so old, 1ms to 24h; a replica that cannot"
              + " show it asks its leader. Default: any age.")
  @Nullable String maxStaleness;

  private ReadOptions options = ReadOptions.linearizable();

  /** Makes sense of the options; a usage error where they make none. */
  void check() {
    if (maxStaleness == null) {
      options =
          switch (consistency) {
            case LINEARIZABLE -> ReadOptions.linearizable();
            case FOLLOWER -> ReadOptions.follower();
            case STALE -> ReadOptions.stale();
          };
      return;
    }
    if (consistency != Level.STALE) {
      throw Usage.wrong(
          spec, "--max-staleness '" + maxStaleness + "' needs --consistency stale beside it");
    }
    options = ReadOptions.stale(bound(maxStaleness));
  }

  private Duration bound(String text) {
    try {
      Duration bound = Durations.parse(text);
      if (bound.isZero() || bound.compareTo(ReadOptions.MAX_STALENESS) > 0) {
        throw new IllegalArgumentException("'" + text + "' is not between 1ms and 24h");
      }
      return bound;
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--max-staleness: " + e.getMessage());
    }
  }

  /** The keys and values of the cluster, read as was asked for. */
  Kv of(Cluster cluster) {
    return cluster.kv().withReads(options);
  }
}
