package io.flotilla.sim.invariants;

import io.flotilla.raft.HardState;
import io.flotilla.raft.Message;
import io.flotilla.storage.ReplicaKey;
import org.jspecify.annotations.Nullable;

/** What leaves a node. Invariants 3, 4, 13, 18, 25, 27 and 38. */
final class MessageChecks {
  private final Tally tally;
  private final Disks disks;
  private final ElectionChecks elections;
  private final LogChecks logs;

  MessageChecks(Tally tally, Disks disks, ElectionChecks elections, LogChecks logs) {
    this.tally = tally;
    this.disks = disks;
    this.elections = elections;
    this.logs = logs;
  }

  /**
   * A message leaves.
   *
   * @param place of its node
   * @param sender the replica; null if there is none, and its node answers for it
   */
  void leaves(int place, ShardHistory shard, Message message, @Nullable Watched sender) {
    ReplicaKey key = new ReplicaKey(shard.shardId, message.from());
    if (tally.breaks(Invariant.REMOVED_FOR_GOOD, !disks.isBuried(place, key))) {
      tally.report(Invariant.REMOVED_FOR_GOOD, key + " was removed, but says " + message);
    }
    if (sender != null && tally.breaks(Invariant.FAILURES_STOP_A_REPLICA, !sender.stopped)) {
      tally.report(Invariant.FAILURES_STOP_A_REPLICA, sender + " has stopped: " + message);
    }
    DurableLog log = disks.log(key);
    HardState state = log == null ? HardState.EMPTY : log.hardState;
    if (sender != null && tally.breaks(Invariant.TERMS_RISE, state.term() >= termOf(message))) {
      tally.report(Invariant.TERMS_RISE, sender + ", on disk " + state + ", says " + message);
    }
    if (message instanceof Message.RequestVote request) {
      asksForVotes(shard, key, state, log, request);
    } else if (message instanceof Message.RequestVoteReply reply) {
      answers(shard, key, state, log, reply);
    } else if (message instanceof Message.AppendEntries append) {
      logs.known(shard, append.prevTerm(), append.entries(), sender);
    } else if (message instanceof Message.AppendEntriesReply reply && !reply.reject()) {
      acknowledges(shard, key, state, log, reply);
    } else if (message instanceof Message.Heartbeat heartbeat) {
      tellsCommit(shard, heartbeat, heartbeat.commit());
    } else if (message instanceof Message.Commit news) {
      tellsCommit(shard, news, news.commit());
    } else {
      reads(shard, message);
    }
  }

  private static long termOf(Message message) {
    if (message instanceof Message.RequestVote request && request.preVote()) {
      return request.term() - 1;
    }
    if (message instanceof Message.RequestVoteReply reply && reply.preVote() && reply.granted()) {
      return 0; // carries the term asked for
    }
    return message.term();
  }

  private static boolean votedFor(HardState state, long term, long candidate) {
    return state.term() > term || (state.term() == term && state.vote() == candidate);
  }

  private void durable(boolean holds, ReplicaKey key, Message message) {
    if (tally.breaks(Invariant.DURABLE_BEFORE_SAID, holds)) {
      tally.report(
          Invariant.DURABLE_BEFORE_SAID,
          key + " says " + message + ", on disk is " + disks.log(key));
    }
  }

  private void asksForVotes(
      ShardHistory shard,
      ReplicaKey key,
      HardState state,
      @Nullable DurableLog log,
      Message.RequestVote request) {
    durable(
        (request.preVote() || votedFor(state, request.term(), request.from()))
            && log != null
            && (state.term() > termOf(request) // another's entries may have come meanwhile
                || log.lastTerm() >= termOf(request)
                || log.covers(request.lastIndex(), request.lastTerm())),
        key,
        request);
    if (!request.preVote()) {
      shard.campaigns.put(
          new ShardHistory.Voter(request.from(), request.term()),
          new ShardHistory.Position(request.lastIndex(), request.lastTerm()));
    }
  }

  private void answers(
      ShardHistory shard,
      ReplicaKey key,
      HardState state,
      @Nullable DurableLog log,
      Message.RequestVoteReply reply) {
    if (reply.preVote() || !reply.granted()) {
      return;
    }
    durable(votedFor(state, reply.term(), reply.to()), key, reply);
    elections.votes(shard, key.replicaId(), reply.term(), reply.to());
    ShardHistory.Position asked =
        shard.campaigns.get(new ShardHistory.Voter(reply.to(), reply.term()));
    long lastTerm = log == null ? 0 : log.lastTerm();
    if (asked == null || lastTerm >= reply.term()) {
      return; // entries that came after the vote
    }
    long last = log == null ? 0 : log.lastIndex();
    boolean complete =
        asked.term() > lastTerm || (asked.term() == lastTerm && asked.index() >= last);
    if (tally.breaks(Invariant.VOTES_FOR_COMPLETE_LOGS, complete)) {
      tally.report(
          Invariant.VOTES_FOR_COMPLETE_LOGS,
          key + " has " + last + " of term " + lastTerm + ", says " + reply + " to " + asked);
    }
  }

  private void acknowledges(
      ShardHistory shard,
      ReplicaKey key,
      HardState state,
      @Nullable DurableLog log,
      Message.AppendEntriesReply reply) {
    if (state.term() > reply.term()) {
      return; // a later leader's entries may have come meanwhile
    }
    boolean there = log != null && log.lastIndex() >= reply.index();
    DurableLog leader = disks.log(shard.shardId, reply.to());
    Long leads = shard.leaders.get(reply.term());
    boolean comparable =
        leads != null
            && leads == reply.to()
            && leader != null
            && leader.hardState.term() == reply.term()
            && reply.index() >= leader.firstIndex()
            && reply.index() <= leader.lastIndex();
    if (log != null && leader != null && there && comparable) {
      there = log.covers(reply.index(), leader.term(reply.index()));
    }
    durable(there, key, reply);
  }

  private void tellsCommit(ShardHistory shard, Message message, long commit) {
    DurableLog log = disks.log(shard.shardId, message.to());
    if (!shard.isCommitted(commit) || disks.isLost(shard.shardId, message.to())) {
      return;
    }
    boolean holds = log != null && log.covers(commit, shard.committed(commit).entry().term());
    if (tally.breaks(Invariant.COMMIT_RISES, holds)) {
      tally.report(
          Invariant.COMMIT_RISES,
          "shard " + shard.shardId + ": the receiver does not hold what is told in " + message);
    }
  }

  private void reads(ShardHistory shard, Message message) {
    if (message instanceof Message.ReadIndexRequest asks) {
      shard.readFloors.putIfAbsent(
          new ShardHistory.Voter(asks.from(), asks.context()), shard.lastCommitted());
    } else if (message instanceof Message.ReadIndexReply told) {
      Long floor = shard.readFloors.get(new ShardHistory.Voter(told.to(), told.context()));
      if (tally.breaks(Invariant.READ_INDEX_IS_NEW, floor != null && told.index() >= floor)) {
        tally.report(
            Invariant.READ_INDEX_IS_NEW,
            "shard " + shard.shardId + ": " + told + ", but committed was " + floor);
      }
    }
  }
}
