package io.flotilla.client;

import java.util.List;

/**
 * The shards of a cluster.
 *
 * @param shards in key order, the system shard first where asked for
 * @param unreachableNodeIds nodes that could not be asked in time: the status of their replicas is
 *     missing
 */
public record ShardList(List<ShardInfo> shards, List<Long> unreachableNodeIds) {}
