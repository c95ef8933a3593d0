/**
 * The store of one node: one directory that all its replicas share.
 *
 * <p>Two environments lie in it, because a measurement asked for that (see ARCHITECTURE.md):
 *
 * <ul>
 *   <li>the <b>journal</b> ({@link io.flotilla.storage.Journal}): the Raft logs and hard states of
 *       all replicas as one sequence of blocks. A commit costs the same however many replicas have
 *       something in it.
 *   <li>the <b>state</b> ({@link io.flotilla.storage.StateStore}): the rows. Writes gather in
 *       memory ({@link io.flotilla.storage.ReplicaState}) and reach the disk later, in one sorted
 *       transaction that also says which log index it stands for.
 * </ul>
 *
 * <p>What is in the journal is never lost; what is in memory is made again from it. Any failed
 * commit but for want of room ends the process, because nobody knows what is on the disk then.
 *
 * <p>Nothing here knows about shards, requests or the network. LMDB is behind {@link
 * io.flotilla.storage.OrderedStore}, plain files behind {@link io.flotilla.storage.StoreFiles}; a
 * simulation puts a disk of its own behind both, with the crashes.
 *
 * <p>Threads: one writer per environment; no buffer, cursor or transaction leaves the thread it
 * belongs to. Read first: {@link io.flotilla.storage.NodeStore}, {@code Journal}, {@code
 * StateStore}; then {@code RecordCodec} for what a block looks like.
 */
@NullMarked
package io.flotilla.storage;

import org.jspecify.annotations.NullMarked;
