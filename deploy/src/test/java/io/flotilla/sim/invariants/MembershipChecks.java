package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Membership;
import io.flotilla.raft.MembershipChange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;

/** Changes of membership. Invariants 30, 31 and 40. */
final class MembershipChecks {
  /** Entries that a new voter may lack when the change is proposed; that of a server. */
  private final long mostLag;

  private final Tally tally;
  private final Disks disks;

  MembershipChecks(Tally tally, Disks disks, long mostLag) {
    this.tally = tally;
    this.disks = disks;
    this.mostLag = mostLag;
  }

  /** One committed change after the other: a quorum of one has a member in each of the next. */
  void follows(ShardDescriptor shard, MembershipChange change) {
    Membership before = shard.membership();
    Membership after = change.after(before);
    boolean overlaps;
    if (after.isJoint()) {
      overlaps = !before.isJoint() && after.outgoing().equals(before.voters());
    } else if (before.isJoint()) {
      overlaps = after.voters().equals(before.voters());
    } else {
      Set<Long> differ = new HashSet<>(before.voters());
      differ.addAll(after.voters());
      differ.removeIf(id -> before.voters().contains(id) && after.voters().contains(id));
      overlaps = differ.size() <= 1;
    }
    if (tally.breaks(Invariant.CHANGES_ONE_BY_ONE, overlaps)) {
      tally.report(Invariant.CHANGES_ONE_BY_ONE, shard + ": from " + before + " to " + after);
    }
  }

  /** A leader's log has a change that nobody has seen before. */
  void proposed(ShardHistory shard, Watched leader, Entry entry) {
    long commit = leader.view.node().commitIndex();
    DurableLog log = disks.log(leader.key);
    if (log == null || leader.term() != entry.term()) {
      return;
    }
    for (long index = Math.max(commit + 1, log.firstIndex()); index < entry.index(); index++) {
      boolean another =
          index <= log.lastIndex() && log.entry(index).type() == Entry.Type.MEMBERSHIP;
      if (tally.breaks(Invariant.CHANGES_ONE_BY_ONE, !another)) {
        tally.report(
            Invariant.CHANGES_ONE_BY_ONE,
            leader + " has changes at " + index + " and at " + entry.index());
      }
    }
    long term =
        shard.isCommitted(commit) ? shard.committed(commit).entry().term() : log.term(commit);
    if (tally.breaks(Invariant.CHANGES_AFTER_A_COMMIT, term == entry.term() || term < 0)) {
      tally.report(
          Invariant.CHANGES_AFTER_A_COMMIT,
          leader + " at " + entry.index() + ", committed is " + commit + " of term " + term);
    }
    keepsAQuorum(shard, leader, entry, commit);
  }

  private void keepsAQuorum(ShardHistory shard, Watched leader, Entry entry, long commit) {
    Membership before = shard.model.descriptor().membership();
    MembershipChange change = MembershipChange.decode(entry.payload());
    if (shard.lastCommitted() > commit || change.leavesJoint() == !before.isJoint()) {
      return; // void, or proposed for a membership that is not the one known here
    }
    Membership after = change.after(before);
    boolean holds =
        isHeldByAQuorum(shard, after.voters(), commit)
            && (!after.isJoint() || isHeldByAQuorum(shard, after.outgoing(), commit));
    if (tally.breaks(Invariant.CHANGES_KEEP_A_QUORUM, holds)) {
      tally.report(
          Invariant.CHANGES_KEEP_A_QUORUM,
          leader + " changes to " + after + " at " + entry.index() + ", committed is " + commit);
    }
  }

  private boolean isHeldByAQuorum(ShardHistory shard, SortedSet<Long> voters, long commit) {
    long holders =
        voters.stream()
            .filter(id -> disks.isLost(shard.shardId, id) || reaches(shard, id, commit - mostLag))
            .count();
    return holders > voters.size() / 2;
  }

  private boolean reaches(ShardHistory shard, long replica, long index) {
    DurableLog log = disks.log(shard.shardId, replica);
    return log != null && log.lastIndex() >= index;
  }
}
