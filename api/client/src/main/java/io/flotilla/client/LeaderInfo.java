package io.flotilla.client;

/**
 * Who leads a shard.
 *
 * @param nodeId of the leader
 * @param term Raft term in which it leads
 */
public record LeaderInfo(long nodeId, long term) {}
