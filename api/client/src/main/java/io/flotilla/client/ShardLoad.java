package io.flotilla.client;

import java.util.OptionalLong;

/**
 * How much a shard holds and does, as its leader measures it.
 *
 * @param bytes of keys and values, without what the store adds, measured when it may have changed
 *     by half; empty until a new leader has measured it
 * @param readsPerSecond over about the last half minute
 * @param writesPerSecond over about the last half minute
 */
public record ShardLoad(OptionalLong bytes, double readsPerSecond, double writesPerSecond) {}
