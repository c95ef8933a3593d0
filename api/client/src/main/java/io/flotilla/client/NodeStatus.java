package io.flotilla.client;

import java.time.Duration;
import java.util.List;

/**
 * One node's own view.
 *
 * @param nodeId its id
 * @param clusterId of its cluster, hexadecimal
 * @param address HOST:PORT it announces
 * @param version of the server software
 * @param uptime since its start
 * @param leaderLease whether its leaders answer reads by leases, without asking a quorum each time
 * @param counts how many replicas, leaders and threads it has
 * @param bytes what it uses
 * @param health how well it is, as it says itself
 * @param replicas state of each replica, by shard id; empty where not asked for
 */
public record NodeStatus(
    long nodeId,
    String clusterId,
    String address,
    String version,
    Duration uptime,
    boolean leaderLease,
    Counts counts,
    Bytes bytes,
    Health health,
    List<ReplicaStatus> replicas) {

  /**
   * How many things a node has.
   *
   * @param replicas copies of shards
   * @param leaders of these, those that lead
   * @param threads of the process
   */
  public record Counts(int replicas, int leaders, int threads) {}

  /**
   * How well a node is.
   *
   * @param notReady why clients are not to be sent to it; empty: it is ready
   * @param degradedShards led by it, of which another voter is silent or far behind
   * @param leaderlessReplicas that know of no leader, or have stopped
   * @param httpAddress of its metrics and health, HOST:PORT; empty: it shows none
   */
  public record Health(
      List<String> notReady, int degradedShards, int leaderlessReplicas, String httpAddress) {
    /** Whether clients may be sent to it. */
    public boolean ready() {
      return notReady.isEmpty();
    }
  }

  /**
   * What a node uses, in bytes.
   *
   * @param heap Java heap in use
   * @param journal journal on disk
   * @param state state store on disk
   * @param memtable applied in memory, not yet flushed
   */
  public record Bytes(long heap, long journal, long state, long memtable) {}
}
