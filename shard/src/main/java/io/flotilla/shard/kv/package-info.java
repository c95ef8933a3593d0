/**
 * What a user shard does with its committed entries, and how it is read.
 *
 * <p>A {@link io.flotilla.shard.kv.StateMachine} is deterministic: the same entries in the same
 * order give the same rows and the same answers on every replica. It reads no clock and no
 * configuration; whatever it needs is in the entry. A refusal that all replicas decide alike is an
 * answer; anything else is thrown and stops the replica.
 *
 * <p>Confined to the loop of its replica. Read {@link io.flotilla.shard.kv.KvStateMachine} first,
 * then {@code SessionTable}.
 */
@NullMarked
package io.flotilla.shard.kv;

import org.jspecify.annotations.NullMarked;
