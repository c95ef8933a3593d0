package io.flotilla.client;

import java.util.Map;
import java.util.Optional;

/**
 * One server process.
 *
 * @param nodeId never reused
 * @param address HOST:PORT under which clients and other nodes reach it
 * @param labels placement labels such as {@code zone=a}, in order of their names
 * @param mode what becomes of its replicas
 * @param status its own view; empty: it could not be asked in time
 * @param problem why it could not be asked; empty where it could
 */
public record NodeInfo(
    long nodeId,
    String address,
    Map<String, String> labels,
    NodeMode mode,
    Optional<NodeStatus> status,
    String problem) {

  /** Whether it answered in time. */
  public boolean reachable() {
    return status.isPresent();
  }
}
