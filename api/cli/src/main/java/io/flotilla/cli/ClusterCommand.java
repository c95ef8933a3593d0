package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that needs a cluster: connects, runs, closes, and names the endpoints on failure. */
abstract class ClusterCommand implements Callable<Integer> {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final Tool tool;

  @Spec @Nullable CommandSpec spec;
  @Mixin ConnectionOptions connection = new ConnectionOptions();
  @Mixin OutputOptions output = new OutputOptions();

  ClusterCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public final Integer call() throws Exception {
    check();
    List<HostPort> endpoints = connection.endpoints(terminal());
    Duration timeout = connection.timeout(defaultTimeout());
    SecurityOptions.Security security = connection.security.read(terminal());
    try (Cluster cluster = tool.connector().connect(endpoints, security, timeout)) {
      return run(cluster);
    } catch (FlotillaException e) {
      throw unreachable(e) ? explain(e, endpoints, timeout) : e;
    }
  }

  /** Looks at the arguments before anything is connected; throws {@link #usage} for mistakes. */
  void check() {}

  /** Does the work and gives the exit code. */
  abstract int run(Cluster cluster) throws Exception;

  /** Deadline of a call where none was asked for. */
  Duration defaultTimeout() {
    return DEFAULT_TIMEOUT;
  }

  /** One more connection to the same cluster; the caller closes it. */
  final Cluster another() {
    return tool.connector()
        .connect(
            connection.endpoints(terminal()),
            connection.security.read(terminal()),
            connection.timeout(defaultTimeout()));
  }

  final Terminal terminal() {
    return tool.terminal();
  }

  /** Writes a line to standard output. */
  final void print(String line) {
    terminal().out().println(line);
  }

  /** Writes a JSON object to standard output. */
  final void print(JsonNode object) {
    terminal().out().println(object);
  }

  final ParameterException usage(String message) {
    return Usage.wrong(spec, message);
  }

  private static boolean unreachable(FlotillaException e) {
    return e.code() == ErrorCode.UNAVAILABLE || e.code() == ErrorCode.DEADLINE_EXCEEDED;
  }

  /** Whatever the client says, the message names each endpoint and the deadline. */
  private static FlotillaException explain(
      FlotillaException e, List<HostPort> endpoints, Duration timeout) {
    String message = e.getMessage();
    if (endpoints.stream().allMatch(endpoint -> message.contains(endpoint.toString()))) {
      return e;
    }
    String names = endpoints.stream().map(HostPort::toString).collect(Collectors.joining(", "));
    return e.withMessage(
        "%s (endpoints: %s; timeout: %s)".formatted(message, names, Durations.show(timeout)));
  }
}
