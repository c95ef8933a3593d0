/**
 * What must be true of a cluster at every moment, by number: see {@code docs/invariants.md}.
 *
 * <p>{@code Oracle} is told what happens in the nodes, on their disks and between them, and looks
 * at whatever may have changed. Of what a replica believes it trusts nothing: it keeps the whole
 * history of each shard in {@code ShardHistory}, what is on each disk in {@code DurableLog}, and
 * what the committed entries must have done in {@code ShardModel}. A broken invariant ends the run
 * with its number; {@code Tally} counts how often each was looked at, because one that never was
 * proves nothing.
 */
@NullMarked
package io.flotilla.sim.invariants;

import org.jspecify.annotations.NullMarked;
