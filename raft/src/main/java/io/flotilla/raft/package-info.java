/**
 * The consensus core: Raft (Ongaro and Ousterhout 2014, "the paper"; Ongaro's dissertation, "the
 * thesis") for one replica of one shard, as a value that is stepped.
 *
 * <p>It never reads a clock, waits, logs, starts a thread, or touches network or disk. Time is
 * {@link io.flotilla.raft.RaftNode#tick()}, chance is the generator given to the constructor, and
 * all it wants done it says in a {@link io.flotilla.raft.Ready}. The same calls give the same
 * Readys. This is what lets a seed replay a cluster.
 *
 * <p>The loop around it, for one replica:
 *
 * <pre>
 *   for each event:
 *     node.tick() | node.step(message) | node.propose(payload) | node.readIndex(context) | ...
 *     while node.hasReady():
 *       ready = node.ready()
 *       send(ready.messages())
 *       apply(ready.committed()), then node.applied(index)   // node.applyMembership(e) on the way
 *       serve reads of ready.readStates() once their index is applied
 *       write(ready.hardState(), ready.entries(), ready.snapshot()), and when it is durable,
 *           in the order of the Readys:
 *         node.persisted(ready)
 *         send(ready.messagesAfterPersist())
 * </pre>
 *
 * <p>Several Readys may be on their way to the disk. A Ready with nothing for the disk goes through
 * {@code persisted} in its turn too: it may acknowledge what an earlier one writes.
 *
 * <p>Where it departs from the paper:
 *
 * <ul>
 *   <li>A membership takes effect when its entry is applied, not when it is appended (as in etcd).
 *       So a replica does not campaign while a committed membership entry is not applied, and a new
 *       leader accepts no change before everything in its log is. Until its successors know that
 *       its removal is committed they count on a removed replica: it answers votes, and its answer
 *       says what is committed. So its host keeps it until a leader that was elected without it
 *       says that it is no member any more.
 *   <li>A leader's appends leave before its own disk has them (thesis 10.2.1); its own log counts
 *       only as far as it is durable.
 *   <li>Committed entries are handed out only as far as they are durable here.
 *   <li>A leader without contact to a quorum, or with a disk that does not answer, steps down.
 * </ul>
 *
 * <p>Invariants, checked always: terms never fall; nothing at or below the commit index is
 * replaced; {@code applied <= handed out <= committed <= last}; {@code match < next}; one leader
 * per term. A violation throws {@link io.flotilla.raft.RaftInvariantException} and the replica must
 * stop.
 *
 * <p>Read first: {@link io.flotilla.raft.Ready}, then {@link io.flotilla.raft.RaftNode}, {@code
 * RaftCore}, {@code FollowerRole}, {@code LeaderRole}.
 */
@NullMarked
package io.flotilla.raft;

import org.jspecify.annotations.NullMarked;
