/**
 * Hosts the replicas of a node.
 *
 * <p>A fixed number of {@code ShardLoop}s each own many {@code Replica}s; a replica is touched by
 * its loop alone, so nothing here is locked. A loop works in turns: it takes what has come into its
 * mailbox, steps the replicas concerned, packs what clients asked of each shard into one proposal,
 * collects all that is to become durable into one journal batch, sends, applies and answers. It
 * never waits: for disk, network or another loop there is a completion that comes back through the
 * mailbox.
 *
 * <p>Time, randomness, executors, disk and peers come through {@link io.flotilla.shard.HostParts},
 * so tests run whole clusters in one thread on virtual time.
 *
 * <p>A replica whose invariants break is stopped and says so; the others go on. A disk that fails
 * ends the process.
 *
 * <p>Read first: {@code ShardLoop#turn}, then {@code Replica}, then {@code Applier}.
 */
@NullMarked
package io.flotilla.shard;

import org.jspecify.annotations.NullMarked;
