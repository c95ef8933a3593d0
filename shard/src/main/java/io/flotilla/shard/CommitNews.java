package io.flotilla.shard;

import io.flotilla.raft.Message;
import io.flotilla.shard.transport.PeerOutbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lets the messages of a loop through, but for those that only tell a commit: these wait for the
 * next frame to their node, so that they cost no wake-up of their own, or for two milliseconds.
 * Confined to the loop.
 */
final class CommitNews {
  private static final long PATIENCE_NANOS = 2_000_000;

  private final PeerOutbox outbox;
  private final Clock clock;

  /** By node and shard; the newest is enough. */
  private final Map<Long, Map<Long, Message.Commit>> waiting = new TreeMap<>();

  /** Nodes to which a frame leaves anyway at the end of this turn. */
  private final Set<Long> spokenTo = new HashSet<>();

  private long waitingSince;

  CommitNews(PeerOutbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  void send(long nodeId, long shardId, Message message) {
    if (message instanceof Message.Commit news) {
      if (waiting.isEmpty()) {
        waitingSince = clock.nanos();
      }
      waiting.computeIfAbsent(nodeId, id -> new TreeMap<>()).put(shardId, news);
    } else {
      spokenTo.add(nodeId);
      outbox.send(nodeId, shardId, message);
    }
  }

  /**
   * Lets go what has company, or has waited long enough.
   *
   * @return nanoseconds until the rest is to leave; empty if nothing waits
   */
  OptionalLong endOfTurn() {
    if (waiting.isEmpty()) {
      spokenTo.clear();
      return OptionalLong.empty();
    }
    long left = waitingSince + PATIENCE_NANOS - clock.nanos();
    List<Long> leaving = new ArrayList<>(waiting.keySet());
    if (left > 0) {
      leaving.retainAll(spokenTo);
    }
    leaving.forEach(this::leave);
    spokenTo.clear();
    return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(left);
  }

  private void leave(long nodeId) {
    Map<Long, Message.Commit> news = waiting.remove(nodeId);
    if (news != null) {
      news.forEach((shardId, message) -> outbox.send(nodeId, shardId, message));
    }
  }
}
