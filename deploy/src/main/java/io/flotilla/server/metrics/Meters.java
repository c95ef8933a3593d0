package io.flotilla.server.metrics;

import io.flotilla.router.gateway.RequestMeter;
import io.flotilla.shard.HostMeter;
import io.flotilla.shard.transport.PeerMeter;
import io.flotilla.storage.StoreMeter;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What is counted as it happens, for the parts of a server. Any thread. */
public final class Meters {
  private final StoreCounts store;
  private final HostCounts host = new HostCounts();
  private final PeerCounts peers = new PeerCounts();
  private final SlowRequests slow;
  private final RequestCounts requests;
  private final LongAdder reloads = new LongAdder();
  private final LongAdder refusedReloads = new LongAdder();
  private final LogCounts log = new LogCounts();

  /**
   * All at zero.
   *
   * @param nanos a monotonic clock
   * @param slowRequest from which a request is logged; zero: never
   */
  public Meters(LongSupplier nanos, Duration slowRequest) {
    this.store = new StoreCounts(nanos);
    this.slow = new SlowRequests(nanos, slowRequest.toNanos());
    this.requests = new RequestCounts(slow);
  }

  /** For the store. */
  public StoreMeter store() {
    return store;
  }

  /** For the replicas. */
  public HostMeter host() {
    return host;
  }

  /** For the transport between nodes. */
  public PeerMeter peers() {
    return peers;
  }

  /** For the gateway. */
  public RequestMeter requests() {
    return requests;
  }

  /** Is told of each event in the log, by the number of its level. */
  public LogCounts log() {
    return log;
  }

  /** From now on requests that take longer are logged; zero: none. */
  public void slowRequest(Duration limit) {
    slow.limit(limit.toNanos());
  }

  /** The settings' file changed, and was taken or refused. */
  public void reloaded(boolean done) {
    (done ? reloads : refusedReloads).increment();
  }

  void collect(Samples samples) {
    store.collect(samples);
    host.collect(samples);
    peers.collect(samples);
    requests.collect(samples);
    log.collect(samples);
    samples.count(Metric.CONFIG_RELOADS, reloads, "done");
    samples.count(Metric.CONFIG_RELOADS, refusedReloads, "refused");
  }
}
