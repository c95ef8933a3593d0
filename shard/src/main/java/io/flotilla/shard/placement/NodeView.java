package io.flotilla.shard.placement;

import io.flotilla.contract.v1.NodeMode;

/**
 * A node as the scheduler sees it.
 *
 * @param nodeId which
 * @param zone its label {@code zone}; empty where it has none
 * @param mode what the catalog says of it
 * @param health whether it answers
 * @param usedPercent of its store
 */
public record NodeView(long nodeId, String zone, NodeMode mode, Health health, int usedPercent) {
  /** From here on a node gets no more replicas: new writes are refused at 80. */
  static final int FULL_PERCENT = 70;

  /** Whether a node answers. */
  public enum Health {
    /** It answered lately. */
    UP,
    /** It has not answered lately, or was not asked yet. */
    SILENT,
    /** It has been silent for so long that its replicas are rebuilt elsewhere. */
    DEAD
  }

  /** Whether its replicas are to be rebuilt elsewhere without it. */
  boolean isGone() {
    return health == Health.DEAD || mode == NodeMode.NODE_MODE_LOST;
  }

  /** Whether it is to hold replicas in the long run. */
  boolean stays() {
    return mode == NodeMode.NODE_MODE_ACTIVE && health != Health.DEAD;
  }

  /** Whether leaders may be moved to it. */
  public boolean mayLead() {
    return health == Health.UP && mode == NodeMode.NODE_MODE_ACTIVE;
  }

  /** Why it gets no replica now; empty if it may. */
  public String whyNotReceiving() {
    if (mode == NodeMode.NODE_MODE_DRAINING) {
      return "drains";
    }
    if (isGone()) {
      return "is dead";
    }
    if (health == Health.SILENT) {
      return "does not answer";
    }
    return usedPercent >= FULL_PERCENT ? "has " + usedPercent + " % of its store in use" : "";
  }
}
