package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Membership;
import io.flotilla.raft.RaftNode;
import io.flotilla.raft.RaftStatus;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Terms, votes and leaders. Invariants 1 to 7, 9, 11 and 28. */
final class ElectionChecks {
  private final Tally tally;
  private final Disks disks;
  private final boolean leases;

  ElectionChecks(Tally tally, Disks disks, boolean leases) {
    this.tally = tally;
    this.disks = disks;
    this.leases = leases;
  }

  /** Something has changed in a replica. */
  void changed(Watched w) {
    RaftNode node = w.view.node();
    DurableLog log = disks.log(w.key);
    long before = w.isNew && log != null ? log.hardState.term() : w.term();
    if (tally.breaks(Invariant.TERMS_RISE, node.term() >= before)) {
      tally.report(Invariant.TERMS_RISE, w + ", but had term " + before);
    }
    if (node.term() > before || w.isNew) {
      newTerm(w);
    }
    if (node.isLeader()) {
      leads(w);
    }
  }

  private void newTerm(Watched w) {
    RaftStatus status = w.view.node().status();
    if (status.vote() == w.id()) {
      w.shard.stands(w.id(), status.term());
    }
    boolean known =
        w.shard.terms.contains(status.term())
            && (status.vote() == 0
                || w.shard.candidates.contains(
                    new ShardHistory.Voter(status.vote(), status.term())));
    if (tally.breaks(Invariant.PRE_VOTES_CHANGE_NOTHING, known)) {
      tally.report(
          Invariant.PRE_VOTES_CHANGE_NOTHING,
          w + ", vote " + status.vote() + ": nobody stood for election there");
    }
  }

  private void leads(Watched w) {
    long term = w.view.node().term();
    Long other = w.shard.leaders.putIfAbsent(term, w.id());
    if (tally.breaks(Invariant.ONE_LEADER_PER_TERM, other == null || other == w.id())) {
      tally.report(Invariant.ONE_LEADER_PER_TERM, w + " and replica " + other);
    }
    if (!w.wasLeader() || w.term() != term) {
      elected(w, term);
      return;
    }
    if (tally.breaks(Invariant.LEADERS_APPEND, w.view.node().lastIndex() >= w.last())) {
      tally.report(Invariant.LEADERS_APPEND, w + ", but had up to " + w.last());
    }
  }

  private void elected(Watched w, long term) {
    Membership now = w.view.node().membership();
    boolean chosen = isChosen(w, term, now) || isChosen(w, term, w.membership());
    if (tally.breaks(Invariant.ELECTED_BY_A_QUORUM, chosen)) {
      tally.report(Invariant.ELECTED_BY_A_QUORUM, w + " of " + now);
    }
    DurableLog log = disks.log(w.key);
    boolean mayLead = now.isVoter(w.id()) || w.membership().isVoter(w.id());
    for (long i = w.view.appliedIndex() + 1; i <= w.commit() && log != null; i++) {
      mayLead &= i > log.lastIndex() || log.entry(i).type() != Entry.Type.MEMBERSHIP;
    }
    if (tally.breaks(Invariant.ONLY_VOTERS_LEAD, mayLead)) {
      tally.report(Invariant.ONLY_VOTERS_LEAD, w + " of " + now);
    }
    isComplete(w, term, log);
  }

  private boolean isChosen(Watched w, long term, Membership membership) {
    return isChosen(w, term, membership.voters())
        && (!membership.isJoint() || isChosen(w, term, membership.outgoing()));
  }

  private static boolean isChosen(Watched w, long term, SortedSet<Long> voters) {
    int votes = 0;
    for (long id : voters) {
      Long vote = w.shard.votes.get(new ShardHistory.Voter(id, term));
      votes += vote != null && vote == w.id() ? 1 : 0;
    }
    return votes > voters.size() / 2;
  }

  private void isComplete(Watched w, long term, @Nullable DurableLog log) {
    ShardHistory shard = w.shard;
    boolean complete = log != null;
    long missing = shard.lastCommitted();
    for (long index = missing; log != null && complete && index >= log.firstIndex(); index--) {
      if (!shard.isCommitted(index)) {
        break;
      }
      ShardHistory.Committed committed = shard.committed(index);
      complete = committed.inTerm() >= term || log.covers(index, committed.entry().term());
      missing = index;
    }
    if (tally.breaks(Invariant.LEADERS_ARE_COMPLETE, complete)) {
      tally.report(Invariant.LEADERS_ARE_COMPLETE, w + " lacks committed index " + missing);
    }
  }

  /** A node with leases has run: who holds one must know of all that is committed (R21 to R23). */
  void hasRun(Watched w) {
    if (!leases || !w.view.node().isLeader() || w.isNew) {
      return;
    }
    boolean superseded = w.shard.newestCommitTerm() > w.view.node().term();
    boolean holds = true;
    if (superseded && w.view.node().status().lease()) {
      w.view.catchUpWithClock();
      holds = !w.view.node().status().lease();
    }
    if (tally.breaks(Invariant.ONE_LEASE, holds)) {
      tally.report(
          Invariant.ONE_LEASE,
          w + " has a lease, but term " + w.shard.newestCommitTerm() + " has commits");
    }
  }

  /** A hard state is on disk. */
  void written(ShardHistory shard, DurableLog log, HardState now) {
    HardState before = log.hardState;
    if (tally.breaks(Invariant.TERMS_RISE, now.term() >= before.term())) {
      tally.report(Invariant.TERMS_RISE, log.key + ": on disk is " + now + " after " + before);
    }
    if (now.vote() == 0) {
      boolean kept = before.vote() == 0 || before.term() != now.term();
      if (tally.breaks(Invariant.ONE_VOTE_PER_TERM, kept)) {
        tally.report(Invariant.ONE_VOTE_PER_TERM, log.key + " forgets " + before);
      }
      return;
    }
    if (now.vote() == log.key.replicaId()) {
      shard.stands(now.vote(), now.term());
    }
    votes(shard, log.key.replicaId(), now.term(), now.vote());
  }

  /** A vote is on disk, or leaves. */
  void votes(ShardHistory shard, long replica, long term, long candidate) {
    Long vote = shard.votes.putIfAbsent(new ShardHistory.Voter(replica, term), candidate);
    if (tally.breaks(Invariant.ONE_VOTE_PER_TERM, vote == null || vote == candidate)) {
      tally.report(
          Invariant.ONE_VOTE_PER_TERM,
          "shard "
              + shard.shardId
              + " replica "
              + replica
              + " votes in term "
              + term
              + " for "
              + candidate
              + " and "
              + vote);
    }
  }
}
