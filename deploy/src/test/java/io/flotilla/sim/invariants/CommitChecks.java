package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Membership;
import io.flotilla.raft.RaftNode;
import io.flotilla.raft.RaftStatus;
import org.jspecify.annotations.Nullable;

/** What is committed and applied. Invariants 10, 12 to 15, 20 and 39. */
final class CommitChecks {
  private final Tally tally;
  private final Disks disks;

  CommitChecks(Tally tally, Disks disks) {
    this.tally = tally;
    this.disks = disks;
  }

  /** Something has changed in a replica. */
  void changed(Watched w) {
    RaftNode node = w.view.node();
    long commit = node.commitIndex();
    DurableLog log = disks.log(w.key);
    long before = w.isNew ? (log == null ? 0 : log.applied) : w.commit();
    if (tally.breaks(Invariant.COMMIT_RISES, commit >= before && commit <= node.lastIndex())) {
      tally.report(Invariant.COMMIT_RISES, w + ", but had committed " + before);
    }
    if (tally.breaks(Invariant.APPLIED_WITH_ITS_ROWS, w.view.appliedIndex() <= commit)) {
      tally.report(Invariant.APPLIED_WITH_ITS_ROWS, w.toString());
    }
    if (commit > w.shard.lastCommitted()) {
      commits(w, commit);
    }
    if (w.installing && !w.view.isInstalling() && !w.view.isStopped()) {
      boolean newer = w.view.appliedIndex() > w.applied();
      w.checkedCommits = w.view.appliedIndex(); // the log follows the rows
      if (tally.breaks(Invariant.SNAPSHOTS_ARE_WHOLE, newer)) {
        tally.report(Invariant.SNAPSHOTS_ARE_WHOLE, w + ", but had applied " + w.applied());
      }
    }
    if (node.isLeader()) {
      followers(w);
    } else {
      w.matches.clear();
    }
    follow(w, log);
  }

  /** Somebody takes for committed what nobody did before: it must have led, and have a quorum. */
  private void commits(Watched w, long commit) {
    RaftNode node = w.view.node();
    Membership now = node.membership();
    DurableLog holder = null;
    boolean quorum = false;
    long term = 0;
    if (node.isLeader()) {
      term = node.term();
      quorum = isOnQuorum(w, now, commit, term);
    }
    if (!quorum && w.wasLeader()) {
      term = w.term();
      quorum = isOnQuorum(w, now, commit, term);
    }
    if (quorum) {
      Membership membership = w.membership();
      holder = disks.holder(w.key.shardId(), membership, commit, term);
      holder = holder == null ? disks.holder(w.key.shardId(), now, commit, term) : holder;
    }
    if (tally.breaks(Invariant.COMMIT_NEEDS_A_QUORUM, quorum && holder != null)) {
      tally.report(
          Invariant.COMMIT_NEEDS_A_QUORUM,
          w + " of " + now + "; up to " + w.shard.lastCommitted() + " was committed before");
      return;
    }
    for (long index = w.shard.lastCommitted() + 1; holder != null && index <= commit; index++) {
      w.shard.commits(holder.entry(index), term);
    }
  }

  private boolean isOnQuorum(Watched w, Membership now, long commit, long term) {
    long shardId = w.key.shardId();
    return disks.isOnQuorum(shardId, now, commit, term)
        || disks.isOnQuorum(shardId, w.membership(), commit, term);
  }

  /** Whoever says that it is committed says the same. */
  void follow(Watched w, @Nullable DurableLog log) {
    if (log == null) {
      return;
    }
    long to = Math.min(w.view.appliedIndex(), log.lastIndex()); // beyond it the disk may be late
    to = Math.min(to, w.shard.lastCommitted());
    long from = Math.max(w.checkedCommits + 1, log.firstIndex());
    for (long index = Math.max(from, ShardHistory.FIRST_INDEX + 1); index <= to; index++) {
      Entry entry = log.entry(index);
      Entry known = w.shard.committed(index).entry();
      if (tally.breaks(
          Invariant.COMMITTED_FOR_EVER, entry.term() == known.term() && entry.equals(known))) {
        tally.report(
            Invariant.COMMITTED_FOR_EVER,
            w + " has at " + index + " term " + entry.term() + ", not " + known.term());
      }
    }
    w.checkedCommits = Math.max(w.checkedCommits, to);
  }

  private void followers(Watched w) {
    boolean sameTerm = w.wasLeader() && w.term() == w.view.node().term();
    if (!sameTerm) {
      w.matches.clear();
    } else if (w.commit() == w.view.node().commitIndex()) {
      return; // looked at with each commit, which is when it matters
    }
    for (RaftStatus.Follower f : w.view.node().status().followers()) {
      DurableLog log = disks.log(w.key.shardId(), f.replicaId());
      boolean lost = disks.isLost(w.key.shardId(), f.replicaId());
      Long before = w.matches.put(f.replicaId(), f.matchIndex());
      boolean holds =
          f.nextIndex() > f.matchIndex()
              && (before == null || before <= f.matchIndex())
              && (lost
                  || f.matchIndex() == 0
                  || (log != null && log.lastIndex() >= f.matchIndex()));
      if (tally.breaks(Invariant.MATCH_IS_ON_DISK, holds)) {
        tally.report(
            Invariant.MATCH_IS_ON_DISK,
            w + ": " + f + ", on disk " + (log == null ? "nothing" : log.lastIndex()));
      }
    }
  }

  /** A commit has changed a log: there is no gap, nor is anything missing that is committed. */
  void written(Watched w, DurableLog log) {
    boolean whole = log.firstIndex() - 1 <= Math.max(log.applied, w.view.appliedIndex());
    if (tally.breaks(Invariant.COMMITTED_IS_KEPT, whole)) {
      tally.report(
          Invariant.COMMITTED_IS_KEPT,
          w + ": the log begins at " + log.firstIndex() + ", applied on disk is " + log.applied);
    }
    follow(w, log);
  }
}
