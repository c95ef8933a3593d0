package io.flotilla.server.demo;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.Durations;
import io.flotilla.cli.Terminal;
import io.flotilla.client.FlotillaException;
import java.time.Duration;
import java.util.List;

/** Where the story is told: numbers its steps, takes their times, stops at the first that fails. */
final class Stage {
  private final Terminal terminal;
  private final long start;
  private int number;

  Stage(Terminal terminal) {
    this.terminal = terminal;
    this.start = terminal.nanos();
  }

  /** A part of the story. */
  @FunctionalInterface
  interface Step {
    /** Does it, and returns what was verified; throws if it was not so. */
    String play() throws InterruptedException;
  }

  /** Plays the next step. */
  void step(String title, Step step) throws InterruptedException {
    number++;
    long begun = terminal.nanos();
    say("");
    say(number + ". " + title);
    say("");
    try {
      String verified = step.play();
      say("   verified after " + Durations.show(since(begun)) + ": " + verified);
    } catch (CommandFailure e) {
      throw failed(title, e.code(), e);
    } catch (FlotillaException e) {
      throw failed(title, e.code().name(), e);
    }
  }

  private CommandFailure failed(String title, String code, RuntimeException e) {
    return new CommandFailure(
        code, "step " + number + " (" + title + ") failed: " + e.getMessage(), e);
  }

  /** The last line. */
  void end() {
    say("");
    say("All " + number + " steps verified in " + Durations.show(since(start)) + ".");
  }

  long nanos() {
    return terminal.nanos();
  }

  Duration since(long nanos) {
    return Duration.ofNanos(terminal.nanos() - nanos);
  }

  void say(String line) {
    terminal.out().println(line.stripTrailing());
    terminal.out().flush();
  }

  /** Lines that belong together, such as a table. */
  void show(List<String> lines) {
    lines.forEach(line -> say("   " + line));
    say("");
  }

  /** What must be so. */
  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new CommandFailure("NOT_VERIFIED", otherwise);
    }
  }
}
