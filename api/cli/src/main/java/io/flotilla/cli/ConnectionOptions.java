package io.flotilla.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which cluster to talk to, and how long. */
public final class ConnectionOptions {
  static final String VARIABLE = "FLOTILLA_ENDPOINTS";
  static final String DEFAULT_ENDPOINT = "127.0.0.1:7001";
  static final Duration LONGEST = Duration.ofSeconds(60);

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT,…",
      description =
          "Nodes to begin with; any node will do. Default: $FLOTILLA_ENDPOINTS, else "
              + DEFAULT_ENDPOINT
              + ".")
  @Nullable String endpoints;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Deadline of each call, 1ms to 60s. Default: 10s.")
  @Nullable String timeout;

  @Mixin SecurityOptions security = new SecurityOptions();

  /** The addresses that were asked for, at least one. */
  List<HostPort> endpoints(Terminal terminal) {
    String text = endpoints != null ? endpoints : terminal.environment(VARIABLE, DEFAULT_ENDPOINT);
    try {
      List<HostPort> addresses = HostPort.parseList(text);
      for (HostPort address : addresses) {
        if (address.port() == 0) {
          throw new IllegalArgumentException("'" + address + "': no server is at port 0");
        }
      }
      return addresses;
    } catch (IllegalArgumentException e) {
      throw usage((endpoints != null ? "--endpoints" : VARIABLE) + ": " + e.getMessage());
    }
  }

  /** The deadline that was asked for, or another one. */
  Duration timeout(Duration otherwise) {
    if (timeout == null) {
      return otherwise;
    }
    try {
      Duration parsed = Durations.parse(timeout);
      if (parsed.isZero() || parsed.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("'" + timeout + "' is not between 1ms and 60s");
      }
      return parsed;
    } catch (IllegalArgumentException e) {
      throw usage("--timeout: " + e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return Usage.wrong(spec, message);
  }
}
