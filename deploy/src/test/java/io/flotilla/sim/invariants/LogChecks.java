package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is written to logs. Invariants 8, 9, 12 and 16. */
final class LogChecks {
  private final Tally tally;
  private final MembershipChecks memberships;

  LogChecks(Tally tally, MembershipChecks memberships) {
    this.tally = tally;
    this.memberships = memberships;
  }

  /** A commit has changed the log of a replica. */
  void written(
      ShardHistory shard, DurableLog log, DurableLog.Change change, @Nullable Watched watched) {
    boolean leads = watched != null && watched.wasLeader();
    for (Entry entry : change.cut()) {
      boolean committed =
          shard.isCommitted(entry.index())
              && shard.committed(entry.index()).entry().term() == entry.term();
      boolean kept = !committed || log.covers(entry.index(), entry.term());
      if (tally.breaks(Invariant.COMMITTED_IS_KEPT, kept)) {
        tally.report(
            Invariant.COMMITTED_IS_KEPT,
            log.key + " cuts off index " + entry.index() + " of term " + entry.term());
      }
      if (leads
          && tally.breaks(Invariant.LEADERS_APPEND, log.covers(entry.index(), entry.term()))) {
        tally.report(Invariant.LEADERS_APPEND, watched + " cuts off index " + entry.index());
      }
    }
    known(shard, change.termBefore(), change.added(), watched);
  }

  /** Entries are on a disk, or leave in a message (Raft figure 3). */
  void known(ShardHistory shard, long termBefore, List<Entry> entries, @Nullable Watched leader) {
    long before = termBefore;
    for (Entry entry : entries) {
      var position = new ShardHistory.Position(entry.index(), entry.term());
      ShardHistory.Known known = shard.entries.get(position);
      if (known == null) {
        shard.entries.put(position, new ShardHistory.Known(entry, before));
        if (entry.type() == Entry.Type.MEMBERSHIP && leader != null && leader.wasLeader()) {
          memberships.proposed(shard, leader, entry);
        }
      } else if (tally.breaks(
          Invariant.LOGS_MATCH, known.termBefore() == before && known.entry().equals(entry))) {
        tally.report(
            Invariant.LOGS_MATCH,
            "shard "
                + shard.shardId
                + " index "
                + entry.index()
                + " term "
                + entry.term()
                + ": before it term "
                + before
                + " and "
                + known.termBefore());
      }
      before = entry.term();
    }
  }

  /** A node has read its logs after a start; what it had is in {@code log}, already brought up. */
  void readBack(DurableLog log, DurableLog.Change change, long firstBefore) {
    boolean replaced = !change.added().isEmpty() || log.firstIndex() > firstBefore;
    if (tally.breaks(Invariant.DISKS_GIVE_BACK, change.cut().isEmpty() || replaced)) {
      tally.report(
          Invariant.DISKS_GIVE_BACK,
          log.key + " comes back without " + change.cut().size() + " entries");
    }
  }

  /** A log is gone after a start. */
  void gone(DurableLog log, boolean removed) {
    if (tally.breaks(Invariant.DISKS_GIVE_BACK, removed || log.isEmpty())) {
      tally.report(Invariant.DISKS_GIVE_BACK, log.key + " has no log any more");
    }
  }
}
