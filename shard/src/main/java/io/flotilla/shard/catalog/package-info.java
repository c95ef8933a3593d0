/**
 * The state machine of the system shard: which nodes there are, where the shards are, and which ids
 * were handed out.
 *
 * <p>The truth of a descriptor is the shard's own state. The catalog follows what leaders report
 * and takes over only what is newer, by epoch and then by term, so reports may come late, doubled
 * and out of order. Deterministic like every state machine; confined to the loop of its replica.
 */
@NullMarked
package io.flotilla.shard.catalog;

import org.jspecify.annotations.NullMarked;
