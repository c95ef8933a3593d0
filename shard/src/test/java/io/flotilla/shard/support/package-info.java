/**
 * What tests of several packages share: a store on a simulated disk and shards to put there.
 *
 * <p>Read {@link io.flotilla.shard.support.HandDrivenStore} first.
 */
@NullMarked
package io.flotilla.shard.support;

import org.jspecify.annotations.NullMarked;
