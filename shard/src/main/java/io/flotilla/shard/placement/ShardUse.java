package io.flotilla.shard.placement;

import io.flotilla.raft.Payload;
import java.util.Optional;

/**
 * How much a shard holds and does, as its leader said last.
 *
 * @param rangeVersion of the shard when it was measured
 * @param bytes of keys and values; 0 until it was measured
 * @param requestsPerSecond reads and writes together
 * @param middle where its data would be halved, if the leader finds it too large
 * @param cut where its requests would be halved, if the leader finds them too many
 */
public record ShardUse(
    long rangeVersion,
    long bytes,
    double requestsPerSecond,
    Optional<Payload> middle,
    Optional<LoadCut> cut) {}
