package io.flotilla.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a command waits for what goes on by itself. */
final class WaitOptions {
  private static final long EVERY_MILLIS = 200;

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(names = "--no-wait", description = "Returns at once; it goes on by itself.")
  boolean noWait;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "Longest time to wait for the end. Default: ${DEFAULT-VALUE}.")
  String wait = "1h";

  /** Looks whether it is over. */
  @FunctionalInterface
  interface Look {
    /** Empty when it is over, else how far it is. */
    String progress();
  }

  Duration longest() {
    try {
      return Durations.parse(wait);
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, "--wait: " + e.getMessage());
    }
  }

  /** Waits, and tells how far it is whenever that is something new. */
  void until(String what, Terminal terminal, Look look) throws InterruptedException {
    if (noWait) {
      return;
    }
    long end = terminal.nanos() + longest().toNanos();
    CountDownLatch never = new CountDownLatch(1);
    String told = "";
    for (String now = look.progress(); !now.isEmpty(); now = look.progress()) {
      if (!now.equals(told)) {
        terminal.err().println("flotilla: " + now);
        told = now;
      }
      if (terminal.nanos() - end >= 0 || never.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new CommandFailure(
            "DEADLINE_EXCEEDED",
            what + " is not over after " + wait + " (" + now + "); it goes on by itself");
      }
    }
  }
}
