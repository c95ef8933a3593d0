package io.flotilla.client;

import java.time.Duration;
import java.util.Optional;

/**
 * The state of a shard that a read saw.
 *
 * @param shardId the shard
 * @param nodeId the node whose replica answered
 * @param appliedIndex the last entry of the shard's log that had been applied there
 * @param revision every write of the shard up to this revision was seen
 * @param age the state was the newest at some time not longer ago than this; empty: not known
 */
public record AsOf(
    long shardId, long nodeId, long appliedIndex, long revision, Optional<Duration> age) {}
