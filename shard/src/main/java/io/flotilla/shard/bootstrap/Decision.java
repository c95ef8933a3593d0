package io.flotilla.shard.bootstrap;

import io.flotilla.internal.v1.BootstrapPlan;
import java.util.List;

/** What a node without a cluster does next. */
sealed interface Decision {
  /**
   * Asks again later.
   *
   * @param reason what it waits for, for people
   */
  record Wait(String reason) implements Decision {}

  /**
   * Founds a cluster.
   *
   * @param members who takes part, this node among them, in the order of their ids
   */
  record Found(List<Member> members) implements Decision {}

  /** Takes part in the cluster of a plan that names this node. */
  record Adopt(BootstrapPlan plan) implements Decision {}

  /**
   * Joins a running cluster.
   *
   * @param contacts addresses of members
   */
  record Join(List<String> contacts) implements Decision {}

  /**
   * Gives up: asking again will not help.
   *
   * @param reason for people
   */
  record Refuse(String reason) implements Decision {}
}
