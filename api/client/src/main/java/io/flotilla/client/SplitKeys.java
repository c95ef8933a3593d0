package io.flotilla.client;

import java.util.List;

/**
 * Where a shard is to be cut into parts of equal data.
 *
 * @param keys in order, one less than parts were asked for; fewer if the shard has too few rows
 * @param bytes of keys and values that the shard holds
 */
public record SplitKeys(List<Key> keys, long bytes) {}
