package io.flotilla.shard;

import io.flotilla.raft.Message;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What other nodes say to replicas that are not here. Any thread.
 *
 * <p>Mostly the replica is about to be here: the parent has not applied its split yet. So nothing
 * is created, and the newest request for a vote is kept until the replica starts (M1). If a leader
 * still speaks after a while, the split was perhaps compacted away; it is then told that there is
 * nothing here, and it sends a snapshot. Saying so promises nothing: neither answer counts for a
 * commit, a vote or a read. If there is no leader for as long, {@link AbsentVotes} help to make
 * one.
 */
final class UnknownReplicas {
  private static final int MAX_SHARDS = 10_000;

  private static final class Heard {
    final long sinceTick;
    @Nullable Message vote;
    long leaderAtTick = Long.MIN_VALUE;

    Heard(long sinceTick) {
      this.sinceTick = sinceTick;
    }
  }

  private final Map<Long, Heard> heard = new TreeMap<>();
  private final int patienceTicks;

  UnknownReplicas(int patienceTicks) {
    this.patienceTicks = patienceTicks;
  }

  /** A message came; the result is the answer, if it is time for one. */
  synchronized Optional<Message> answer(long shardId, Message message, long tick) {
    Heard known = heard.get(shardId);
    if (known == null) {
      if (heard.size() >= MAX_SHARDS) {
        return Optional.empty();
      }
      known = new Heard(tick);
      heard.put(shardId, known);
    }
    if (message instanceof Message.RequestVote) {
      known.vote = message;
    }
    if (message instanceof Message.Heartbeat || message instanceof Message.AppendEntries) {
      known.leaderAtTick = tick;
    }
    return tick - known.sinceTick < patienceTicks ? Optional.empty() : nothingHere(message);
  }

  private static Optional<Message> nothingHere(Message message) {
    if (message instanceof Message.Heartbeat) {
      // Round 0: a replica that is not here confirms no read.
      return Optional.of(
          new Message.HeartbeatReply(message.to(), message.from(), message.term(), 0));
    }
    if (message instanceof Message.AppendEntries append) {
      return Optional.of(
          new Message.AppendEntriesReply(
              message.to(), message.from(), message.term(), true, append.prevIndex(), 0, 0));
    }
    return Optional.empty();
  }

  /** Whether the replica has been awaited long enough, and no leader was heard for as long. */
  synchronized boolean mayVote(long shardId, long tick) {
    Heard known = heard.get(shardId);
    return known != null
        && tick - known.sinceTick >= patienceTicks
        && (known.leaderAtTick == Long.MIN_VALUE || tick - known.leaderAtTick >= patienceTicks);
  }

  /** The replica is here now; the result is a vote that somebody asked for before. */
  synchronized Optional<Message> started(long shardId) {
    Heard known = heard.remove(shardId);
    return known == null ? Optional.empty() : Optional.ofNullable(known.vote);
  }

  /** Forgets those of whom nothing was heard for long; the next word begins a new wait. */
  synchronized void forgetBefore(long tick) {
    for (Iterator<Heard> it = heard.values().iterator(); it.hasNext(); ) {
      if (it.next().sinceTick < tick) {
        it.remove();
      }
    }
  }
}
