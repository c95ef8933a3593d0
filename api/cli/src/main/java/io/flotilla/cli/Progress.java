package io.flotilla.cli;

import java.time.Duration;
import java.util.Locale;

/** How many records passed and how fast; drawn over itself on a terminal, silent elsewhere. */
final class Progress {
  private static final long EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private final Terminal terminal;
  private final String verb;
  private final boolean shown;
  private final long start;
  private long drawn;

  Progress(Terminal terminal, String verb, boolean shown) {
    this.terminal = terminal;
    this.verb = verb;
    this.shown = shown && terminal.interactive();
    this.start = terminal.nanos();
    this.drawn = start;
  }

  /** Tells the number so far; draws now and then. */
  void update(long records) {
    if (shown && terminal.nanos() - drawn >= EVERY_NANOS) {
      drawn = terminal.nanos();
      terminal.err().print("\r" + verb + " " + rate(records) + "   ");
      terminal.err().flush();
    }
  }

  /** Clears what was drawn. */
  void end() {
    if (shown && drawn != start) {
      terminal.err().print("\r" + " ".repeat(70) + "\r");
      terminal.err().flush();
    }
  }

  /** Time since the beginning. */
  Duration elapsed() {
    return Duration.ofNanos(Math.max(0, terminal.nanos() - start));
  }

  /** Such as {@code 171,075 records in 9.2 s (18,595/s)}. */
  String rate(long records) {
    return String.format(
        Locale.ROOT,
        "%,d record%s in %s (%,d/s)",
        records,
        records == 1 ? "" : "s",
        Durations.show(elapsed()),
        perSecond(records));
  }

  long perSecond(long records) {
    return Math.round(records * 1e9 / Math.max(1, elapsed().toNanos()));
  }
}
