package io.flotilla.raft;

import java.util.List;

/**
 * Leads until it hears of a higher term or no longer of a quorum (Raft §5.2, thesis 6.2): keeps the
 * time, takes proposals, and leaves the rest to {@link Replicator}, {@link LeaderReads} and {@link
 * LeaderTransfer}.
 */
final class LeaderRole extends RoleBehavior {
  private final Replicator replicator;
  private final LeaderTransfer transfer;
  private final LeaderReads reads;
  private int heartbeatElapsed;
  private long uncommittedBytes;

  /** Last index that may hold a membership change not applied yet (R11, R12). */
  private long pendingMembershipIndex;

  LeaderRole(RaftCore core) {
    super(core);
    replicator = new Replicator(core, core.log.lastIndex() + 1);
    transfer = new LeaderTransfer(core, replicator);
    reads = new LeaderReads(core, replicator, transfer);
    pendingMembershipIndex = core.log.lastIndex();
  }

  /** An entry of the own term, without which nothing of former terms may commit (Raft §5.4.2). */
  void start() {
    append(Entry.Type.NOOP, Payload.EMPTY);
    broadcastHeartbeat();
  }

  @Override
  Role role() {
    return Role.LEADER;
  }

  // ---- time

  @Override
  void tick() {
    if (core.isDiskStuck()) {
      core.becomeFollower(core.term, 0);
      return;
    }
    transfer.tick();
    if (core.electionElapsed >= core.config.electionTicks()) {
      core.electionElapsed = 0;
      if (core.config.checkQuorum() && !replicator.hearsQuorum()) {
        core.becomeFollower(core.term, 0); // thesis 6.2
        return;
      }
    }
    if (++heartbeatElapsed >= core.config.heartbeatTicks()) {
      if (core.config.leaderLease()) {
        reads.openRound();
      }
      broadcastHeartbeat();
    }
  }

  private void broadcastHeartbeat() {
    heartbeatElapsed = 0;
    long round = reads.roundToSend();
    for (Progress p : replicator.all()) {
      if (p.replicaId != core.id()) {
        // R9: never more than the follower is known to hold.
        long commit = Math.min(p.match(), core.log.committed());
        core.send(new Message.Heartbeat(core.id(), p.replicaId, core.term, commit, round));
      }
    }
    reads.confirm(); // a shard of one voter is its own quorum
  }

  // ---- proposals

  ProposalResult propose(Payload payload) {
    if (transfer.isUnderWay()) {
      return refused(ProposalResult.Status.TRANSFERRING);
    }
    long size = payload.size();
    if (uncommittedBytes > 0 && uncommittedBytes + size > core.config.maxUncommittedBytes()) {
      return refused(ProposalResult.Status.OVERLOADED);
    }
    return accepted(append(Entry.Type.DATA, payload));
  }

  /** One change at a time, and none before an entry of this term is committed (R11). */
  ProposalResult proposeMembership(MembershipChange change) {
    if (transfer.isUnderWay()) {
      return refused(ProposalResult.Status.TRANSFERRING);
    }
    boolean changePending = pendingMembershipIndex > core.log.applied();
    if (changePending
        || !replicator.hasCommittedInTerm()
        || change.leavesJoint() != core.membership.isJoint()) {
      return refused(ProposalResult.Status.NOT_READY);
    }
    MembershipChanger.apply(core.membership, change); // throws if it does not fit
    // Checked once: the entry is appended now, and who has caught up with this leader has done so
    // for every later one (R17).
    if (!change.steps().stream().allMatch(this::isCaughtUp)) {
      return refused(ProposalResult.Status.NOT_CAUGHT_UP);
    }
    return accepted(appendMembership(change));
  }

  /**
   * A replica that is new as a voter has no log to wait for; who adds it so, waits (thesis 4.2.1).
   */
  private boolean isCaughtUp(MembershipChange.Step step) {
    boolean promotes =
        step.kind() == MembershipChange.Kind.ADD_VOTER
            && core.membership.learners().contains(step.replicaId());
    return !promotes || replicator.isCaughtUp(step.replicaId());
  }

  private long appendMembership(MembershipChange change) {
    pendingMembershipIndex = append(Entry.Type.MEMBERSHIP, change.encode());
    return pendingMembershipIndex;
  }

  private long append(Entry.Type type, Payload payload) {
    long index = core.log.lastIndex() + 1;
    core.log.append(new Entry(core.term, index, type, payload));
    uncommittedBytes += payload.size();
    replicator.sendSoon();
    return index;
  }

  private ProposalResult accepted(long index) {
    return new ProposalResult(ProposalResult.Status.ACCEPTED, core.term, index, core.id());
  }

  private ProposalResult refused(ProposalResult.Status status) {
    return new ProposalResult(status, 0, 0, core.id());
  }

  /** Committed entries were handed out: their bytes count no more. */
  void committedHandedOut(List<Entry> entries) {
    for (Entry entry : entries) {
      uncommittedBytes -= entry.payload().size();
    }
    uncommittedBytes = Math.max(0, uncommittedBytes); // entries of former terms were never counted
  }

  // ---- replication

  @Override
  boolean wantsReady() {
    return replicator.isSendDue() || reads.needRound();
  }

  @Override
  void beforeReady() {
    if (reads.needRound()) {
      broadcastHeartbeat();
    }
    replicator.sendDue();
  }

  /** The others learn of the commit, for this leader is about to go (thesis 4.2.2). */
  void tellCommitBeforeLeaving() {
    replicator.sendToAllInOrder();
  }

  @Override
  public Boolean appendEntriesReply(Message.AppendEntriesReply m) {
    Progress p = replicator.find(m.from());
    if (p == null) {
      return ignored(m, "not a member");
    }
    replicator.onReply(p, m);
    if (!m.reject()) {
      transfer.onProgress(p);
    }
    return true;
  }

  @Override
  public Boolean heartbeatReply(Message.HeartbeatReply m) {
    Progress p = replicator.find(m.from());
    if (p == null) {
      return ignored(m, "not a member");
    }
    replicator.onHeartbeatReply(p);
    if (m.readRound() > p.readRound) {
      p.readRound = m.readRound();
      reads.confirm();
    }
    return true;
  }

  @Override
  void onPersisted() {
    replicator.onPersisted();
  }

  void reportSnapshot(long replicaId, boolean ok) {
    replicator.reportSnapshot(replicaId, ok);
  }

  void reportUnreachable(long replicaId) {
    replicator.reportUnreachable(replicaId);
  }

  @Override
  public Boolean appendEntries(Message.AppendEntries m) {
    throw new RaftInvariantException("two leaders in term " + m.term() + ": " + m.from());
  }

  @Override
  public Boolean heartbeat(Message.Heartbeat m) {
    throw new RaftInvariantException("two leaders in term " + m.term() + ": " + m.from());
  }

  @Override
  public Boolean commit(Message.Commit m) {
    throw new RaftInvariantException("two leaders in term " + m.term() + ": " + m.from());
  }

  @Override
  public Boolean installSnapshot(Message.InstallSnapshot m) {
    throw new RaftInvariantException("two leaders in term " + m.term() + ": " + m.from());
  }

  // ---- reads

  ReadResult readIndex(long from, long context) {
    if (!hasCommittedInTerm()) {
      return ReadResult.NOT_READY; // thesis 6.4: the commit index may be behind until then
    }
    return reads.ask(from, context);
  }

  boolean hasLease() {
    return reads.hasLease();
  }

  private boolean hasCommittedInTerm() {
    return replicator.hasCommittedInTerm();
  }

  @Override
  public Boolean readIndexRequest(Message.ReadIndexRequest m) {
    return switch (readIndex(m.from(), m.context())) {
      case ACCEPTED -> true;
      case BUSY -> ignored(m, "too many reads wait");
      case NOT_READY, NOT_LEADER -> ignored(m, "nothing committed in this term yet");
    };
  }

  // ---- transfer

  long transferee() {
    return transfer.transferee();
  }

  TransferResult transfer(long to) {
    return transfer.start(to);
  }

  // ---- membership

  @Override
  void onMembershipApplied() {
    replicator.updateMembers();
    transfer.onMembershipApplied();
    reads.onMembershipApplied();
    if (!core.membership.isVoter(core.id())) {
      return; // steps down: RaftNode, once the followers were told the commit (thesis 4.2.2)
    }
    replicator.advanceCommit(); // a smaller quorum may have reached more
    replicator.sendSoon();
  }

  /** Leaves a joint membership as soon as its entry is applied, also a former leader's (R14). */
  @Override
  void onApplied() {
    if (core.membership.isJoint()
        && pendingMembershipIndex <= core.log.applied()
        && hasCommittedInTerm()) {
      appendMembership(MembershipChange.leaveJoint());
    }
  }

  List<RaftStatus.Follower> followers() {
    return replicator.picture();
  }
}
