package io.flotilla.server.local;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Durations;
import io.flotilla.client.FlotillaException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Looks again and again until something is so, within a bound. */
public final class Poll {
  private static final Duration EVERY = Duration.ofMillis(50);

  private final LongSupplier nanos;
  private final Pause pause;

  /** Polls by a clock in nanoseconds. */
  public Poll(LongSupplier nanos, Pause pause) {
    this.nanos = nanos;
    this.pause = pause;
  }

  /** One look. */
  @FunctionalInterface
  public interface Probe<T> {
    /** What is wanted, or why it is not so yet. A failed call counts as not yet. */
    Seen<T> look() throws InterruptedException;
  }

  /**
   * What a look found.
   *
   * @param value what is wanted; empty: not yet
   * @param reason why not yet
   */
  public record Seen<T>(Optional<T> value, String reason) {
    /** It is so. */
    public static <T> Seen<T> of(T value) {
      return new Seen<>(Optional.of(value), "");
    }

    /** Not yet. */
    public static <T> Seen<T> notYet(String reason) {
      return new Seen<>(Optional.empty(), reason);
    }
  }

  /**
   * Waits until a look finds it.
   *
   * @throws CommandFailure after the limit, with the last reason
   */
  public <T> T until(String wanted, Duration limit, Probe<T> probe) throws InterruptedException {
    long start = nanos.getAsLong();
    while (true) {
      Seen<T> seen = look(probe);
      if (seen.value().isPresent()) {
        return seen.value().get();
      }
      if (nanos.getAsLong() - start >= limit.toNanos()) {
        throw new CommandFailure(
            "TIMEOUT",
            "waited %s for %s; at the end: %s"
                .formatted(Durations.show(limit), wanted, seen.reason()));
      }
      pause.pause(EVERY);
    }
  }

  private static <T> Seen<T> look(Probe<T> probe) throws InterruptedException {
    try {
      return probe.look();
    } catch (FlotillaException e) {
      return Seen.notYet(e.getMessage());
    }
  }
}
