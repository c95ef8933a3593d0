package io.flotilla.client;

import io.flotilla.router.NodeAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * A connection to a Flotilla cluster. Thread-safe and meant to be shared: one per application.
 *
 * <pre>{@code
 * try (FlotillaClient client = FlotillaClient.connect("10.0.0.1:7001", "10.0.0.2:7001")) {
 *   client.kv().put("greeting", "hello");
 * }
 * }</pre>
 *
 * <p>The endpoints are only where it begins: it learns all nodes and routes from any of them and
 * keeps the routes up to date by a subscription and by what replies say. Creating a client does not
 * wait for a server; the first call does, until its deadline.
 *
 * <p>{@link #close()} ends calls in flight: a read or a write that had not left fails as not
 * applied, any other write with an unknown outcome.
 */
public final class FlotillaClient implements AutoCloseable {

  private final ClientRuntime runtime;
  private final Kv kv;
  private final AsyncKv async;
  private final AdminClient admin;
  private final PlacementClient placement;

  private FlotillaClient(ClientRuntime runtime, long timeoutNanos) {
    this.runtime = runtime;
    CallOptions inPlace =
        new CallOptions(timeoutNanos, ReadOptions.linearizable(), Runnable::run, "");
    this.kv = new KvImpl(new AsyncKvImpl(runtime, inPlace));
    this.async = new AsyncKvImpl(runtime, inPlace.completingOn(runtime.callbacks()));
    this.admin = new AdminClientImpl(runtime, inPlace);
    this.placement = new PlacementClientImpl(runtime, inPlace);
  }

  /** A client with default settings. Endpoints are {@code HOST:PORT}. */
  public static FlotillaClient connect(String... endpoints) {
    return builder().endpoints(endpoints).build();
  }

  /** Settings for a new client. */
  public static Builder builder() {
    return new Builder();
  }

  /** Keys and values, blocking. */
  public Kv kv() {
    return kv;
  }

  /** Keys and values, with futures. */
  public AsyncKv async() {
    return async;
  }

  /** Shards and nodes. */
  public AdminClient admin() {
    return admin;
  }

  /** Where replicas are, and what moves them. */
  public PlacementClient placement() {
    return placement;
  }

  /** Events that the call listener missed because it was too slow; 0: none, or no listener. */
  public long droppedEvents() {
    CallEvents events = runtime.events();
    return events == null ? 0 : events.dropped();
  }

  /**
   * Ends calls in flight with {@link ErrorCode#CLOSED} and lets go of all connections and threads.
   * Waits up to a few seconds for callbacks that run, unless it is called by one. Idempotent.
   */
  @Override
  public void close() {
    runtime.close();
  }

  /**
   * Settings for a new client; each method changes this builder and returns it. Not thread-safe.
   */
  public static final class Builder {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final long MIN_IN_FLIGHT_BYTES = 4L << 20;

    final List<String> endpoints = new ArrayList<>();
    Duration timeout = Duration.ofSeconds(10);
    boolean exactlyOnce = true;
    long maxInFlightBytes = 64L << 20;
    Overflow overflow = Overflow.WAIT;
    Optional<TlsOptions> tls = Optional.empty();
    Optional<Supplier<String>> token = Optional.empty();
    Optional<Executor> callbackExecutor = Optional.empty();
    Optional<CallListener> callListener = Optional.empty();

    private Builder() {}

    /** Where to begin, as {@code HOST:PORT}. At least one; more are tried if one is down. */
    public Builder endpoints(String... addresses) {
      return endpoints(List.of(addresses));
    }

    /** Where to begin, as {@code HOST:PORT}. At least one; more are tried if one is down. */
    public Builder endpoints(Collection<String> addresses) {
      endpoints.addAll(addresses);
      return this;
    }

    /** Protects the connections by TLS; plaintext if not set. */
    public Builder tls(TlsOptions options) {
      tls = Optional.of(options);
      return this;
    }

    /**
     * What each connection shows to be let in; none if not set. Asked whenever a connection begins,
     * on a thread of the client, so that a new token needs no restart; must not wait for long. A
     * token goes over TLS only.
     */
    public Builder token(Supplier<String> source) {
      token = Optional.of(source);
      return this;
    }

    /** Deadline of each call that does not set its own; 1 ms to 60 s, 10 s if not set. */
    public Builder timeout(Duration perCall) {
      timeout = perCall;
      return this;
    }

    /**
     * Whether writes carry a session and a sequence number, so that they are applied exactly once
     * under retry. On if not set. Without it a write is tried again only where it certainly was not
     * applied, so {@link Outcome#UNKNOWN} becomes more frequent.
     */
    public Builder exactlyOnce(boolean on) {
      exactlyOnce = on;
      return this;
    }

    /**
     * Most bytes of requests under way at one time; 64 MiB if not set, at least 4 MiB. In a cluster
     * of several nodes those of one node take three quarters of it at most, so that a node that
     * does not answer leaves room for the others. Each call counts 2.5 KiB more than it sends.
     */
    public Builder maxInFlightBytes(long bytes) {
      maxInFlightBytes = bytes;
      return this;
    }

    /** What a call does while there is no room; {@link Overflow#WAIT} if not set. */
    public Builder overflow(Overflow policy) {
      overflow = policy;
      return this;
    }

    /**
     * Runs dependent actions of futures; if not set, four daemon threads of the client. The
     * executor is not shut down with the client. A task that it rejects runs on the common pool.
     */
    public Builder callbackExecutor(Executor executor) {
      callbackExecutor = Optional.of(executor);
      return this;
    }

    /** Hears of all calls, on a daemon thread of its own; see {@link CallListener}. */
    public Builder callListener(CallListener listener) {
      callListener = Optional.of(listener);
      return this;
    }

    /**
     * Makes the client. Does not wait for a server.
     *
     * @throws IllegalArgumentException if a setting is out of its bounds, no endpoint is given,
     *     certificates cannot be used, or there is a token and no TLS
     */
    public FlotillaClient build() {
      long timeoutNanos = CallOptions.nanos(timeout);
      if (timeout.compareTo(MIN_TIMEOUT) < 0) {
        throw new IllegalArgumentException("a timeout has at least 1 ms: " + timeout);
      }
      if (maxInFlightBytes < MIN_IN_FLIGHT_BYTES) {
        throw new IllegalArgumentException(
            "maxInFlightBytes is at least " + MIN_IN_FLIGHT_BYTES + ": " + maxInFlightBytes);
      }
      if (token.isPresent() && tls.isEmpty()) {
        throw new IllegalArgumentException(
            "a token goes over TLS only, else others could read it: set tls(…) as well");
      }
      List<NodeAddress> seeds = endpoints.stream().map(NodeAddress::parse).distinct().toList();
      if (seeds.isEmpty()) {
        throw new IllegalArgumentException("a client needs at least one endpoint");
      }
      return new FlotillaClient(new ClientRuntime(this, seeds), timeoutNanos);
    }
  }
}
