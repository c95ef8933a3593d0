/**
 * Tests of shards as values and of their form on the wire.
 *
 * <p>Read {@code ShardDescriptorTest} first.
 */
@NullMarked
package io.flotilla.shard.descriptor;

import org.jspecify.annotations.NullMarked;
