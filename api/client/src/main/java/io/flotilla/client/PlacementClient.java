package io.flotilla.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where replicas are, for operators. Blocking, thread-safe.
 *
 * <pre>{@code
 * PlacementClient placement = client.placement();
 * PlacementPlan plan = placement.planNodeMode(3, NodeMode.DRAINING);
 * System.out.println(plan.moves().size() + " replicas would move");
 * placement.setNodeMode(3, NodeMode.DRAINING);
 * }</pre>
 *
 * <p>Every method throws {@link FlotillaException} by its deadline at the latest if it fails.
 * Operations go on by themselves: none of these methods waits for the end of one.
 */
public interface PlacementClient {
  /** The same with another deadline for each call; more than zero, at most 60 s. */
  PlacementClient withTimeout(Duration timeout);

  /**
   * Begins to move one replica of a shard. If the outcome is {@link Outcome#UNKNOWN}, look at the
   * {@link #operations} before you try again.
   *
   * @return one move, with the operation
   */
  PlacementPlan moveReplica(long shardId, long fromNodeId, long toNodeId);

  /** What {@link #moveReplica} would do. */
  PlacementPlan planMove(long shardId, long fromNodeId, long toNodeId);

  /**
   * Begins to even out how many replicas each node holds, also while rebalancing is off. The first
   * move of each shard begins; where the plan has more of one, ask again when it has ended.
   *
   * @param shardIds only these, at most 1,000; empty: all
   */
  PlacementPlan scatter(List<Long> shardIds);

  /** What {@link #scatter} would do in the end. */
  PlacementPlan planScatter(List<Long> shardIds);

  /**
   * Says what becomes of the replicas on a node. Repeatable.
   *
   * @return what follows from it; nothing of it has begun yet
   */
  PlacementPlan setNodeMode(long nodeId, NodeMode mode);

  /** What would follow from {@link #setNodeMode}. */
  PlacementPlan planNodeMode(long nodeId, NodeMode mode);

  /**
   * Operations by id.
   *
   * @param includeEnded also the last 256 that have ended
   */
  List<Operation> operations(boolean includeEnded);

  /** One operation; empty if there is none with this id, or it ended long ago. */
  Optional<Operation> operation(long operationId);

  /**
   * Takes an operation back, as long as its new replica has no vote. Repeatable.
   *
   * @return the operation as it is now; it ends by itself
   */
  Operation cancel(long operationId);

  /** Says in words what the scheduler wants to do with a shard, or why it does nothing. */
  String explain(long shardId);

  /** What holds for where replicas are. */
  PlacementRules rules();

  /** Replaces the rules as a whole; returns those that hold now. Repeatable. */
  PlacementRules setRules(PlacementRules rules);
}
