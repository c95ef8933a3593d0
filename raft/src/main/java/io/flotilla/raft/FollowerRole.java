package io.flotilla.raft;

import java.util.List;

/** Takes over the leader's log, and campaigns when the leader is silent (Raft §5.2, §5.3). */
final class FollowerRole extends RoleBehavior {
  FollowerRole(RaftCore core) {
    super(core);
  }

  @Override
  Role role() {
    return Role.FOLLOWER;
  }

  @Override
  void tick() {
    if (core.electionElapsed >= core.electionTimeout && core.mayCampaign()) {
      core.campaign(false);
    }
  }

  @Override
  public Boolean appendEntries(Message.AppendEntries m) {
    core.heardLeader(m.from());
    if (m.prevIndex() < core.log.committed()) {
      // Late or doubled: what is committed here is the same there (Raft §5.4).
      acknowledge(m.from(), core.log.committed());
      return true;
    }
    if (!isContiguous(m)) {
      return ignored(m, "entries with a gap");
    }
    if (core.log.tryAppend(m.prevIndex(), m.prevTerm(), m.entries())) {
      long lastNew = m.prevIndex() + m.entries().size();
      core.log.commitTo(Math.min(m.commit(), lastNew)); // R8: never beyond what was verified
      acknowledge(m.from(), lastNew);
      return true;
    }
    // The hint spares the leader one step per entry (Raft §5.3, end).
    long hint =
        core.log.lastIndexNotAboveTerm(Math.min(m.prevIndex(), core.log.lastIndex()), m.prevTerm());
    core.send(
        new Message.AppendEntriesReply(
            core.id(), m.from(), core.term, true, m.prevIndex(), hint, core.log.term(hint)));
    return true;
  }

  private static boolean isContiguous(Message.AppendEntries m) {
    List<Entry> entries = m.entries();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).index() != m.prevIndex() + 1 + i) {
        return false;
      }
    }
    return true;
  }

  private void acknowledge(long leader, long index) {
    core.sendAfterPersist(
        new Message.AppendEntriesReply(core.id(), leader, core.term, false, index, 0, 0));
  }

  @Override
  public Boolean heartbeat(Message.Heartbeat m) {
    core.heardLeader(m.from());
    core.log.commitTo(m.commit());
    core.send(new Message.HeartbeatReply(core.id(), m.from(), core.term, m.readRound()));
    return true;
  }

  @Override
  public Boolean commit(Message.Commit m) {
    core.heardLeader(m.from());
    core.log.commitTo(m.commit());
    return true;
  }

  @Override
  public Boolean installSnapshot(Message.InstallSnapshot m) {
    core.heardLeader(m.from());
    SnapshotMetadata snapshot = m.snapshot();
    if (snapshot.index() <= core.log.committed()) {
      acknowledge(m.from(), core.log.committed()); // R28: stale
      return true;
    }
    if (core.log.matches(snapshot.index(), snapshot.term())) {
      // The log has it all: only the commit was behind (Raft §7).
      core.log.commitTo(snapshot.index());
      acknowledge(m.from(), snapshot.index());
      return true;
    }
    if (!snapshot.membership().contains(core.id())) {
      return ignored(m, "snapshot of a membership without this replica");
    }
    core.log.restore(snapshot);
    core.membership = snapshot.membership();
    acknowledge(m.from(), snapshot.index());
    return true;
  }

  /** Thesis 3.10: campaigns at once, without asking before. */
  @Override
  public Boolean timeoutNow(Message.TimeoutNow m) {
    if (!core.mayCampaign()) {
      return ignored(m, "may not campaign");
    }
    core.campaign(true);
    return true;
  }
}
