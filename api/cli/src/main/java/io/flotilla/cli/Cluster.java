package io.flotilla.cli;

import io.flotilla.cli.SecurityOptions.Security;
import io.flotilla.client.AdminClient;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Kv;
import io.flotilla.client.PlacementClient;
import java.time.Duration;
import java.util.List;

/** The cluster that a command works on; in production a {@link FlotillaClient}. */
interface Cluster extends AutoCloseable {
  /** Keys and values, blocking. */
  Kv kv();

  /** Keys and values, with futures. */
  AsyncKv async();

  /** Shards and nodes. */
  AdminClient admin();

  /** Where replicas are, and what moves them. */
  PlacementClient placement();

  @Override
  void close();

  /** Makes the connection to a cluster. */
  @FunctionalInterface
  interface Connector {
    /** A connection; does not wait for a server. */
    Cluster connect(List<HostPort> endpoints, Security security, Duration timeout);
  }

  /**
   * A connection with the Java client. What depends on its futures runs on the client's workers and
   * must not block: no hand-over to other threads for each call.
   */
  static Cluster connect(List<HostPort> endpoints, Security security, Duration timeout) {
    FlotillaClient.Builder builder =
        FlotillaClient.builder()
            .endpoints(endpoints.stream().map(HostPort::toString).toList())
            .timeout(timeout)
            .callbackExecutor(Runnable::run);
    FlotillaClient client = build(security.apply(builder));
    return new Cluster() {
      @Override
      public Kv kv() {
        return client.kv();
      }

      @Override
      public AsyncKv async() {
        return client.async();
      }

      @Override
      public AdminClient admin() {
        return client.admin();
      }

      @Override
      public PlacementClient placement() {
        return client.placement();
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  private static FlotillaClient build(FlotillaClient.Builder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("CERTIFICATES", String.valueOf(e.getMessage()), e);
    }
  }
}
