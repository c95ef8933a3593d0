package io.flotilla.server.local;

import io.flotilla.cli.CommandFailure;
import io.flotilla.server.config.Setting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node in a process of its own, which can end and be started again. Thread-safe. */
public final class NodeProcess {
  /** Longer than the grace that a server gives its calls, so that it ends by itself. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

  /** Where this node is; a shell may have set them for another one. */
  private static final List<Setting> OWN =
      List.of(Setting.DATA, Setting.LISTEN, Setting.ADVERTISE, Setting.JOIN);

  private final NodeSpec spec;
  private final JavaCommand java;
  private final Consumer<NodeProcess> whenLost;
  private @Nullable Process process;
  private boolean endWanted;
  private boolean startedBefore;

  /**
   * A node that does not run yet.
   *
   * @param spec what it is told
   * @param java how to start it
   * @param whenLost is told when it ended without being asked to
   */
  public NodeProcess(NodeSpec spec, JavaCommand java, Consumer<NodeProcess> whenLost) {
    this.spec = spec;
    this.java = java;
    this.whenLost = whenLost;
  }

  /** What it is told. */
  public NodeSpec spec() {
    return spec;
  }

  /** Starts the process; does not wait for the node. The log of a first start begins anew. */
  public synchronized void start() {
    if (alive()) {
      throw new IllegalStateException(spec.name() + " runs already");
    }
    ProcessBuilder builder = new ProcessBuilder(java.words(spec.arguments()));
    OWN.forEach(setting -> builder.environment().remove(setting.variable()));
    File log = spec.log().toFile();
    builder.redirectErrorStream(true);
    builder.redirectOutput(startedBefore ? Redirect.appendTo(log) : Redirect.to(log));
    try {
      Process started = builder.start();
      process = started;
      startedBefore = true;
      endWanted = false;
      // Nobody waits for this: it only tells, and once.
      var unused = started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new CommandFailure("START", "cannot start " + spec.name() + ": " + e.getMessage(), e);
    }
  }

  private void ended(Process which) {
    boolean lost;
    synchronized (this) {
      lost = which == process && !endWanted;
    }
    if (lost) {
      whenLost.accept(this);
    }
  }

  /** Whether the process runs. */
  public synchronized boolean alive() {
    return process != null && process.isAlive();
  }

  /** Of the process that runs or ran last; empty before the first. */
  public synchronized OptionalLong pid() {
    return process == null ? OptionalLong.empty() : OptionalLong.of(process.pid());
  }

  /** How it ended; empty while it runs and before the first start. */
  public synchronized OptionalInt exitCode() {
    return process == null || process.isAlive()
        ? OptionalInt.empty()
        : OptionalInt.of(process.exitValue());
  }

  /** As {@code kill -9}: the process gets no chance to do anything. */
  public void kill() throws InterruptedException {
    Optional<Process> running = running();
    if (running.isPresent()) {
      running.get().destroyForcibly();
      awaitEnd(running.get(), KILL_LIMIT);
    }
  }

  /** Asks it to stop and does not wait. */
  public void requestStop() {
    running().ifPresent(NodeProcess::endInput);
  }

  /** Lets it stop gracefully, and ends it if that takes too long. */
  public void stop() throws InterruptedException {
    Optional<Process> running = running();
    if (running.isEmpty()) {
      return;
    }
    endInput(running.get());
    if (!running.get().waitFor(STOP_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
      kill();
    }
  }

  private synchronized Optional<Process> running() {
    endWanted = true;
    return alive() ? Optional.ofNullable(process) : Optional.empty();
  }

  private static void endInput(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // The other end is gone already: it has ended.
    }
  }

  private void awaitEnd(Process ending, Duration limit) throws InterruptedException {
    if (!ending.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new CommandFailure(
          "KILL", spec.name() + " (process " + ending.pid() + ") does not end when it is killed");
    }
  }

  /** The last lines that it wrote. */
  public List<String> lastLines(int most) {
    if (!Files.exists(spec.log())) {
      return List.of();
    }
    Deque<String> last = new ArrayDeque<>();
    try (Stream<String> lines = Files.lines(spec.log(), StandardCharsets.UTF_8)) {
      lines.forEach(
          line -> {
            if (last.size() == most) {
              last.removeFirst();
            }
            last.addLast(line);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(last);
  }

  @Override
  public String toString() {
    return spec.name() + " (" + spec.address() + ")";
  }
}
