package io.flotilla.sim;

import io.flotilla.raft.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * What replicas promised, over all lives of their nodes: a vote goes to one candidate of a term
 * (Raft §5.2), and a term has one leader. Nobody but the simulator can see this as it happens.
 */
final class Ballots {
  private record Vote(long shardId, long replica, long term) {}

  private record Reign(long shardId, long term) {}

  private final World world;
  private final Map<Vote, Long> votes = new HashMap<>();
  private final Map<Reign, Long> leaders = new HashMap<>();

  Ballots(World world) {
    this.world = world;
  }

  /** A message leaves a node. */
  void sent(long shardId, Message message) {
    if (message instanceof Message.RequestVoteReply vote) {
      if (vote.granted() && !vote.preVote()) {
        check(votes, new Vote(shardId, vote.from(), vote.term()), vote.to(), "votes for");
      }
    } else if (message instanceof Message.Heartbeat || message instanceof Message.AppendEntries) {
      check(leaders, new Reign(shardId, message.term()), message.from(), "is led by");
    }
  }

  private <K> void check(Map<K, Long> known, K what, long now, String how) {
    Long before = known.putIfAbsent(what, now);
    if (before != null && before != now) {
      world.fault(what + " " + how + " replica " + now + " and before by or for " + before);
    }
  }
}
