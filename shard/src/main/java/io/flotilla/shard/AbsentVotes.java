package io.flotilla.shard;

import io.flotilla.raft.HardState;
import io.flotilla.raft.Message;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Votes of replicas that are not here yet. Any thread.
 *
 * <p>A node that was away during a split may get the parent as a snapshot from after it: then only
 * a leader of the child can bring the child here, and if another node is lost there can be no
 * leader without the vote of this one. A replica that has never been here has promised nothing and
 * holds nothing, so it may vote for anyone, once in a term. The vote is durable before it is given,
 * and the replica begins with it when it comes (M1).
 */
final class AbsentVotes {
  private static final int MAX_REPLICAS = 10_000;

  private final HostParts parts;
  private final Map<ReplicaKey, HardState> given = new TreeMap<>();
  private final Set<ReplicaKey> begun = new HashSet<>();

  AbsentVotes(HostParts parts) {
    this.parts = parts;
  }

  /**
   * Somebody asks for a vote.
   *
   * @param reply takes the answer, if there is one, when it may leave
   */
  synchronized void ask(long shardId, Message.RequestVote m, Consumer<Message> reply) {
    ReplicaKey key = new ReplicaKey(shardId, m.to());
    if (begun.contains(key) || hasBeenHere(key) || given.size() >= MAX_REPLICAS) {
      return;
    }
    HardState now = newest(key);
    boolean free = m.term() > now.term() || now.vote() == 0 || now.vote() == m.from();
    if (m.term() < now.term() || !free) {
      reply.accept(answer(m, now.term(), false));
      return;
    }
    Message granted = answer(m, m.term(), true);
    if (m.preVote()) {
      reply.accept(granted);
      return;
    }
    HardState vote = new HardState(m.term(), m.from(), 0);
    given.put(key, vote);
    JournalBatch batch = new JournalBatch();
    batch.hardState(key, vote);
    parts.store().journal().submit(batch, () -> reply.accept(granted));
  }

  /** It knows of nothing that is committed. */
  private static Message answer(Message.RequestVote m, long term, boolean granted) {
    return new Message.RequestVoteReply(m.to(), m.from(), term, granted, m.preVote(), 0, 0);
  }

  /** One that was here has promised something, also if it does not run (R38). */
  private boolean hasBeenHere(ReplicaKey key) {
    ReplicaLog log = parts.store().journal().log(key);
    return log.lastIndex() > 0
        || parts.store().state().meta(KeySpace.replicaRow(key.shardId(), key.replicaId())) != null;
  }

  private HardState newest(ReplicaKey key) {
    HardState submitted = given.get(key);
    return submitted != null ? submitted : parts.store().journal().log(key).hardState();
  }

  /**
   * The replica comes now and votes itself from here on.
   *
   * @return the hard state it has to begin with; what it writes comes after this on the disk
   */
  synchronized HardState begins(ReplicaKey key) {
    begun.add(key);
    HardState newest = newest(key);
    given.remove(key);
    return newest;
  }
}
