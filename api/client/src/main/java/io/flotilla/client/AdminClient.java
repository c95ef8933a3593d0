package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Shards and nodes, for operators. Blocking, thread-safe.
 *
 * <pre>{@code
 * AdminClient admin = client.admin();
 * SplitResult halves = admin.splitShard(Key.of("m"));
 * admin.transferLeader(halves.right().shardId(), 3);
 * for (ShardInfo shard : admin.listShards().shards()) {
 *   System.out.println(shard.shardId() + " " + shard.range() + " leader " + shard.leaderNodeId());
 * }
 * }</pre>
 *
 * <p>Every method throws {@link FlotillaException} by its deadline at the latest if it fails.
 */
public interface AdminClient {
  /** The same with another deadline for each call; more than zero, at most 60 s. */
  AdminClient withTimeout(Duration timeout);

  /** All user shards; see {@link #listShards(boolean)}. */
  default ShardList listShards() {
    return listShards(false);
  }

  /**
   * All shards in key order, with the state of each replica that could be asked in time.
   *
   * @param includeSystem also the system shard (id 1), first
   */
  ShardList listShards(boolean includeSystem);

  /** One shard, with the state of its replicas; empty if there is none with this id. */
  Optional<ShardInfo> shard(long shardId);

  /**
   * Splits the shard that holds the key, so that the key begins a new shard.
   *
   * <p>If the outcome is {@link Outcome#UNKNOWN}, list the shards before you try again.
   */
  SplitResult splitShard(Key key);

  /**
   * Where to split a shard so that its parts hold about the same. Changes nothing.
   *
   * <pre>{@code
   * admin.splitKeys(2, 4).keys().forEach(admin::splitShard);
   * }</pre>
   *
   * <p>Waits for the shard to be measured if too much was written since that was done last.
   *
   * @param parts 2 to 64
   */
  SplitKeys splitKeys(long shardId, int parts);

  /** Moves leadership of a shard to the node, which must hold a voting replica. Repeatable. */
  LeaderInfo transferLeader(long shardId, long toNodeId);

  /**
   * Changes which nodes hold a shard: all of it at once, or nothing.
   *
   * <pre>{@code
   * admin.changeReplicas(7, List.of(ReplicaChange.learner(4)));
   * // ... and when node 4 has caught up:
   * admin.changeReplicas(7, List.of(ReplicaChange.voter(4), ReplicaChange.remove(2)));
   * }</pre>
   *
   * <p>A node gets a vote only once its learner has caught up; until then, and while another change
   * is under way, the call waits, by its deadline at the longest. What is so already is answered
   * without a change, so a call may be repeated.
   *
   * @param changes 1 to 16, each node once
   * @return the shard after the change, its leader not known
   */
  ShardInfo changeReplicas(long shardId, List<ReplicaChange> changes);

  /**
   * Strikes a node off that holds no replica any more. Its data directory is never let in again.
   * Repeatable.
   */
  void removeNode(long nodeId);

  /** All nodes, with the state of each that could be asked in time. */
  NodeList listNodes();

  /** One node's own view, with all its replicas. */
  NodeStatus status(long nodeId);
}
