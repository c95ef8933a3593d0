package io.flotilla.server.config;

import io.flotilla.cli.HostPort;
import io.flotilla.router.tls.Tls.ClientCertificate;
import io.flotilla.router.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a server is told, checked.
 *
 * @param data directory of the store
 * @param network addresses
 * @param security what protects them
 * @param limits of the port for clients
 * @param threads numbers of threads, and what may wait for them
 * @param raft times of elections and the number of copies
 * @param storage bounds on disk and in memory
 * @param snapshots between nodes
 * @param placement where replicas are
 * @param splits when shards are split on their own
 * @param shutdownGrace how long calls under way may take at a stop
 * @param sight what others see of the node
 */
public record ServerConfig(
    Path data,
    Network network,
    Security security,
    Limits limits,
    Threads threads,
    Raft raft,
    Storage storage,
    Snapshots snapshots,
    Placement placement,
    Splits splits,
    Duration shutdownGrace,
    Sight sight) {

  /**
   * Where a node is and where others are.
   *
   * @param listen to bind
   * @param advertise for others
   * @param peerListen to bind for other nodes alone; empty: they share {@code listen}
   * @param peerAdvertise for other nodes; empty if {@code peerListen} is
   * @param join the other first nodes, or members of a running cluster; empty: none
   * @param http to bind for metrics and health; empty: nowhere
   */
  public record Network(
      HostPort listen,
      HostPort advertise,
      Optional<HostPort> peerListen,
      Optional<HostPort> peerAdvertise,
      List<HostPort> join,
      Optional<HostPort> http) {}

  /**
   * What protects the ports.
   *
   * @param tls files; empty: no TLS
   * @param access file that says who may do what; empty: everybody everything
   * @param auditLog file for what operators do; empty: the log
   */
  public record Security(Optional<Tls> tls, Optional<Path> access, Optional<Path> auditLog) {}

  /**
   * Certificates, in PEM.
   *
   * @param files of this node
   * @param clients whether they show certificates
   */
  public record Tls(TlsFiles files, ClientCertificate clients) {}

  /**
   * What clients may take.
   *
   * @param connections at one time
   * @param callsPerConnection at one time
   */
  public record Limits(int connections, int callsPerConnection) {}

  /**
   * How many threads of a kind there are.
   *
   * @param loops that run shards
   * @param requests that take requests off the network
   * @param mailboxCalls that may wait for a loop
   */
  public record Threads(int loops, int requests, int mailboxCalls) {}

  /**
   * Raft's times.
   *
   * @param tick unit of the other two
   * @param heartbeatTicks between heartbeats
   * @param electionTicks least number without a leader before an election
   * @param replication copies of a shard in a new cluster
   * @param leaderLease whether leaders answer reads by leases
   */
  public record Raft(
      Duration tick, int heartbeatTicks, int electionTicks, int replication, boolean leaderLease) {}

  /**
   * Bounds on disk and in memory, in bytes. The files are sparse and grow with use.
   *
   * @param journalBytes of the journal
   * @param stateBytes of the state store
   * @param logCacheBytes of entries in memory
   * @param memtableBytes applied and not flushed that trigger a flush
   * @param flushInterval longest time between apply and flush
   */
  public record Storage(
      long journalBytes,
      long stateBytes,
      long logCacheBytes,
      long memtableBytes,
      Duration flushInterval) {}

  /**
   * What snapshots between nodes may take.
   *
   * @param sendRate bytes a second; 0: no bound
   * @param receiveRate bytes a second; 0: no bound
   * @param atOnce each way
   */
  public record Snapshots(long sendRate, long receiveRate, int atOnce) {}

  /**
   * Where replicas are.
   *
   * @param labels of this node, in order of their names
   * @param replaceDeadAfter how long a node may be silent until its replicas are rebuilt elsewhere
   * @param movesPerNode moves at one time that concern one node
   */
  public record Placement(
      SortedMap<String, String> labels, Duration replaceDeadAfter, int movesPerNode) {}

  /**
   * When shards are split on their own.
   *
   * @param bytes from which a shard is; 0: never
   * @param load requests a second from which it is; 0: never
   * @param pause after a split until the next one of either half
   */
  public record Splits(long bytes, long load, Duration pause) {}

  /**
   * What others see of the node.
   *
   * @param logLevel of the root logger, in upper case
   * @param logFormat {@code text} or {@code json}
   * @param slowRequest from which a request is logged; zero: never
   * @param metricsShards shards with metrics of their own
   * @param readyPatience how long a node waits for the replicas of others after its start
   */
  public record Sight(
      String logLevel,
      String logFormat,
      Duration slowRequest,
      int metricsShards,
      Duration readyPatience) {}
}
