/**
 * Where replicas should be: pure functions of what is known of the cluster.
 *
 * <p>A {@link io.flotilla.shard.placement.ClusterView} goes in; moves and reasons come out. Nothing
 * here asks, waits, or moves anything: the scheduler of the host does. So a plan can be shown
 * without being carried out, and be planned on from what it would lead to.
 *
 * <p>The rules in order: a shard leaves nodes that are dead or drain; it gets the voters it lacks,
 * and loses those it has too many; copies without a vote that nobody uses go; no two voters are in
 * one zone while another zone has none; nodes hold equally many replicas. Only the last two, and
 * the copies without a vote, depend on rebalancing being on.
 *
 * <p>Read first: {@code Planner}, then {@code Rule} and the classes that implement it.
 */
@NullMarked
package io.flotilla.shard.placement;

import org.jspecify.annotations.NullMarked;
