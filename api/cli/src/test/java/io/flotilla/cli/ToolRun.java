package io.flotilla.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Runs the tool in this process and keeps what it wrote. */
final class ToolRun {
  final FakeCluster cluster = new FakeCluster();
  private LongSupplier clock = milliseconds();
  private final Map<String, String> environment;
  private byte[] input = {};
  private List<HostPort> endpoints = List.of();
  private SecurityOptions.Security security = SecurityOptions.Security.NONE;
  private Duration timeout = Duration.ZERO;
  private byte[] out = {};
  private String err = "";

  ToolRun() {
    this(Map.of());
  }

  ToolRun(Map<String, String> environment) {
    this.environment = environment;
  }

  ToolRun input(byte[] bytes) {
    input = bytes;
    return this;
  }

  /** Each reading of the clock is a millisecond later than the one before. */
  private static LongSupplier milliseconds() {
    AtomicLong clock = new AtomicLong();
    return () -> clock.addAndGet(1_000_000);
  }

  /** With the time of this machine, for commands that wait. */
  ToolRun realTime() {
    clock = System::nanoTime;
    return this;
  }

  int run(String... arguments) {
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input), outBytes, errBytes, environment, false, clock);
    int exitCode =
        new CommandLineTool(
                terminal,
                (addresses, with, limit) -> {
                  endpoints = addresses;
                  security = with;
                  timeout = limit;
                  return cluster;
                })
            .run(arguments);
    out = outBytes.toByteArray();
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }

  String out() {
    return new String(out, StandardCharsets.UTF_8);
  }

  /** What the connection was to be protected by. */
  SecurityOptions.Security security() {
    return security;
  }

  String err() {
    return err;
  }

  List<HostPort> endpoints() {
    return endpoints;
  }

  Duration timeout() {
    return timeout;
  }
}
