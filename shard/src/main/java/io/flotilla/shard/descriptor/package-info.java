/**
 * What a shard is: its key range, its epoch and its replicas, as plain values, and their form on
 * the wire.
 *
 * <p>Nothing here changes, waits or does I/O. Read {@link
 * io.flotilla.shard.descriptor.ShardDescriptor} first.
 */
@NullMarked
package io.flotilla.shard.descriptor;

import org.jspecify.annotations.NullMarked;
