package io.flotilla.shard.bootstrap;

/**
 * Where a node is, each as HOST:PORT.
 *
 * @param client for clients, and for other nodes if there is no peer address
 * @param peer for other nodes, apart from clients; empty: there is none
 */
public record Addresses(String client, String peer) {
  /** One port for everybody. */
  public static Addresses shared(String address) {
    return new Addresses(address, "");
  }

  /** Where other nodes go. */
  String forNodes() {
    return peer.isEmpty() ? client : peer;
  }
}
