package io.flotilla.raft;

import io.flotilla.raft.RaftStatus.FollowerState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replicates its log, commits, and answers for reads, until it hears of a higher term or no longer
 * of a quorum (Raft §5.3, §5.4.2, thesis 6.2).
 *
 * <p>Appends are not sent when something is proposed but once per Ready, so that all proposals of a
 * turn leave in one message per follower.
 */
final class LeaderRole extends RoleBehavior {
  private final Map<Long, Progress> progress = new TreeMap<>();
  private final ReadIndexTracker reads = new ReadIndexTracker();
  private final long firstIndexOfTerm;
  private int heartbeatElapsed;
  private long uncommittedBytes;

  /** Last index that may hold a membership change not applied yet (R11, R12). */
  private long pendingMembershipIndex;

  private long transferee;
  private int transferElapsed;
  private boolean toldSomeoneToCampaign;
  private boolean sendDue;

  LeaderRole(RaftCore core) {
    super(core);
    firstIndexOfTerm = core.log.lastIndex() + 1;
    pendingMembershipIndex = core.log.lastIndex();
    onMembershipApplied();
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
    if (transferee != 0 && ++transferElapsed >= core.config.electionTicks()) {
      core.tracer.transferAborted(transferee); // thesis 3.10: resume after an election timeout
      transferee = 0;
    }
    if (core.electionElapsed >= core.config.electionTicks()) {
      core.electionElapsed = 0;
      if (core.config.checkQuorum() && !hearsQuorum()) {
        core.becomeFollower(core.term, 0); // thesis 6.2
        return;
      }
    }
    if (++heartbeatElapsed >= core.config.heartbeatTicks()) {
      if (core.config.leaderLease()) {
        reads.open();
      }
      broadcastHeartbeat();
    }
  }

  private boolean hearsQuorum() {
    boolean heard =
        Quorum.holds(core.membership, id -> id == core.id() || follower(id).recentlyActive);
    progress.values().forEach(p -> p.recentlyActive = false);
    return heard;
  }

  private void broadcastHeartbeat() {
    heartbeatElapsed = 0;
    if (reads.isOpen()) {
      reads.markSent(core.now);
    }
    for (Progress p : progress.values()) {
      if (p.replicaId != core.id()) {
        // R9: never more than the follower is known to hold.
        long commit = Math.min(p.match(), core.log.committed());
        core.send(
            new Message.Heartbeat(core.id(), p.replicaId, core.term, commit, reads.lastRound()));
      }
    }
    confirmReads(); // a shard of one voter is its own quorum
  }

  // ---- proposals

  ProposalResult propose(Payload payload) {
    if (transferee != 0) {
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
    if (transferee != 0) {
      return refused(ProposalResult.Status.TRANSFERRING);
    }
    boolean changePending = pendingMembershipIndex > core.log.applied();
    if (changePending
        || !hasCommittedInTerm()
        || change.leavesJoint() != core.membership.isJoint()) {
      return refused(ProposalResult.Status.NOT_READY);
    }
    MembershipChanger.apply(core.membership, change); // throws if it does not fit
    return accepted(appendMembership(change));
  }

  private long appendMembership(MembershipChange change) {
    pendingMembershipIndex = append(Entry.Type.MEMBERSHIP, change.encode());
    return pendingMembershipIndex;
  }

  private long append(Entry.Type type, Payload payload) {
    long index = core.log.lastIndex() + 1;
    core.log.append(new Entry(core.term, index, type, payload));
    uncommittedBytes += payload.size();
    sendDue = true;
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
    return sendDue || (reads.isOpen() && reads.hasWaiting());
  }

  @Override
  void beforeReady() {
    if (reads.isOpen() && reads.hasWaiting()) {
      broadcastHeartbeat();
    }
    if (sendDue) {
      sendDue = false;
      for (Progress p : progress.values()) {
        if (p.replicaId != core.id()) {
          sendAllTo(p);
        }
      }
    }
  }

  /** Sends what the follower lacks, in as many messages as its window takes. */
  private void sendAllTo(Progress p) {
    boolean newCommit = p.commitSent < core.log.committed();
    while (!p.isPaused() && (p.next() <= core.log.lastIndex() || newCommit)) {
      newCommit = false;
      sendAppend(p);
    }
  }

  private void sendAppend(Progress p) {
    long prev = p.next() - 1;
    if (prev < core.log.firstIndex() - 1) {
      requestSnapshot(p);
      return;
    }
    List<Entry> entries =
        core.log.entries(p.next(), core.log.lastIndex() + 1, core.config.maxBytesPerAppend());
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.sizeBytes();
    }
    core.send(
        new Message.AppendEntries(
            core.id(),
            p.replicaId,
            core.term,
            prev,
            core.log.term(prev),
            entries,
            core.log.committed()));
    p.commitSent = core.log.committed();
    p.sent(prev + entries.size(), bytes);
  }

  private void requestSnapshot(Progress p) {
    if (!p.recentlyActive) {
      // Pauses until it is heard of: no snapshot for a replica that is gone. PROBE, because nothing
      // would pause a pipeline whose window is open.
      p.becomeProbe();
      p.sent(0, 0);
      return;
    }
    long compacted = core.log.firstIndex() - 1;
    core.tracer.snapshotNeeded(p.replicaId, p.next());
    p.becomeSnapshot(compacted);
    core.send(
        new Message.InstallSnapshot(
            core.id(),
            p.replicaId,
            core.term,
            new SnapshotMetadata(compacted, core.log.term(compacted), core.membership)));
  }

  @Override
  public Boolean appendEntriesReply(Message.AppendEntriesReply m) {
    Progress p = progress.get(m.from());
    if (p == null) {
      return ignored(m, "not a member");
    }
    p.recentlyActive = true;
    if (m.reject()) {
      long hint =
          m.hintTerm() > 0
              ? core.log.lastIndexNotAboveTerm(m.hintIndex(), m.hintTerm())
              : m.hintIndex();
      if (p.reject(m.index(), hint)) {
        sendDue = true;
      }
      return true;
    }
    Invariants.check(
        m.index() <= core.log.lastIndex(),
        "follower acknowledges what was never sent",
        m.index(),
        core.log.lastIndex());
    boolean news = p.acknowledge(m.index());
    if (news || p.state() == FollowerState.PROBE) {
      advance(p);
      sendDue = true;
    }
    if (m.from() == transferee && p.match() == core.log.lastIndex()) {
      tellTransfereeToCampaign();
    }
    return true;
  }

  private void advance(Progress p) {
    switch (p.state()) {
      case PROBE -> p.becomeReplicate();
      case SNAPSHOT -> {
        if (p.snapshotCovered(core.log.firstIndex())) {
          p.becomeReplicate();
        }
      }
      case REPLICATE -> p.inflights.freeUpTo(p.match());
    }
    advanceCommit();
  }

  /** Commits what a quorum holds, if it is of this term (Raft §5.4.2, figure 8; R7). */
  private void advanceCommit() {
    long reached = Quorum.reached(core.membership, id -> follower(id).match());
    if (reached > core.log.committed() && reached >= firstIndexOfTerm) {
      core.log.commitTo(reached);
      sendDue = true;
    }
  }

  /** The own log counts for the quorum as far as it is durable, no further (R3). */
  @Override
  void onPersisted() {
    Progress own = progress.get(core.id());
    if (own != null && own.acknowledge(core.log.persistedIndex())) {
      advanceCommit();
    }
  }

  private Progress follower(long id) {
    Progress p = progress.get(id);
    if (p == null) {
      throw new RaftInvariantException("voter without progress: " + id);
    }
    return p;
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
  public Boolean installSnapshot(Message.InstallSnapshot m) {
    throw new RaftInvariantException("two leaders in term " + m.term() + ": " + m.from());
  }

  void reportSnapshot(long replicaId, boolean ok) {
    Progress p = progress.get(replicaId);
    if (p != null && p.state() == FollowerState.SNAPSHOT) {
      if (ok) {
        p.becomeProbe();
      } else {
        p.snapshotFailed();
      }
      // Wait for a word of the follower before the next append.
      p.sent(0, 0);
    }
  }

  void reportUnreachable(long replicaId) {
    Progress p = progress.get(replicaId);
    if (p != null && p.state() == FollowerState.REPLICATE) {
      p.becomeProbe(); // what is under way is probably lost
    }
  }

  // ---- reads

  private boolean hasCommittedInTerm() {
    return core.log.committed() >= firstIndexOfTerm;
  }

  ReadResult readIndex(long from, long context) {
    if (!hasCommittedInTerm()) {
      return ReadResult.NOT_READY; // thesis 6.4: the commit index may be behind until then
    }
    if (hasLease()) {
      answerRead(from, context, core.log.committed());
    } else {
      reads.add(from, context, core.log.committed());
    }
    return ReadResult.ACCEPTED;
  }

  /**
   * A quorum answered a round that left less than 0.9 election timeouts ago (thesis 6.4.1, R22).
   * Not once a TimeoutNow has left: however late it arrives, the voters will not wait for this
   * leader to be silent (R21).
   */
  private boolean hasLease() {
    return core.config.leaderLease()
        && !toldSomeoneToCampaign
        && reads.confirmedTick() >= 0
        && (core.now - reads.confirmedTick()) * 10 < core.config.electionTicks() * 9L;
  }

  @Override
  public Boolean heartbeatReply(Message.HeartbeatReply m) {
    Progress p = progress.get(m.from());
    if (p == null) {
      return ignored(m, "not a member");
    }
    p.recentlyActive = true;
    p.unpause();
    if (p.state() == FollowerState.REPLICATE && p.inflights.isFull()) {
      p.inflights.freeFirst();
    }
    if (p.match() < core.log.lastIndex() && p.state() != FollowerState.SNAPSHOT && !p.isPaused()) {
      sendAppend(p); // also without entries: finds out whether appends were lost
    }
    if (m.readRound() > p.readRound) {
      p.readRound = m.readRound();
      confirmReads();
    }
    return true;
  }

  private void confirmReads() {
    if (reads.lastRound() == 0) {
      return;
    }
    long sent = reads.isOpen() ? reads.lastRound() - 1 : reads.lastRound();
    long confirmed =
        Quorum.reached(core.membership, id -> id == core.id() ? sent : follower(id).readRound);
    reads.confirm(confirmed);
    for (ReadIndexTracker.Waiting read = reads.poll(confirmed);
        read != null;
        read = reads.poll(confirmed)) {
      answerRead(read.from(), read.context(), read.index());
    }
  }

  private void answerRead(long from, long context, long index) {
    if (from == core.id()) {
      core.readStates.add(new ReadState(context, index));
    } else {
      core.send(new Message.ReadIndexReply(core.id(), from, core.term, context, index));
    }
  }

  @Override
  public Boolean readIndexRequest(Message.ReadIndexRequest m) {
    if (readIndex(m.from(), m.context()) != ReadResult.ACCEPTED) {
      return ignored(m, "nothing committed in this term yet");
    }
    return true;
  }

  // ---- transfer (thesis 3.10)

  long transferee() {
    return transferee;
  }

  TransferResult transfer(long to) {
    if (to == core.id()) {
      return TransferResult.ALREADY_LEADER;
    }
    if (!core.membership.voters().contains(to)) {
      return TransferResult.NOT_A_VOTER;
    }
    if (to == transferee) {
      return TransferResult.STARTED;
    }
    transferee = to;
    transferElapsed = 0;
    if (follower(to).match() == core.log.lastIndex()) {
      tellTransfereeToCampaign();
    } else {
      sendDue = true;
    }
    return TransferResult.STARTED;
  }

  private void tellTransfereeToCampaign() {
    toldSomeoneToCampaign = true;
    core.send(new Message.TimeoutNow(core.id(), transferee, core.term));
  }

  // ---- membership

  @Override
  void onMembershipApplied() {
    progress.keySet().retainAll(core.membership.all());
    for (long id : core.membership.all()) {
      progress.computeIfAbsent(id, this::newProgress);
    }
    if (transferee != 0 && !core.membership.voters().contains(transferee)) {
      core.tracer.transferAborted(transferee);
      transferee = 0;
    }
    if (!core.membership.isVoter(core.id())) {
      return; // steps down: RaftNode, once the followers were told the commit (thesis 4.2.2)
    }
    if (!progress.isEmpty() && core.behavior == this) {
      advanceCommit(); // a smaller quorum may have reached more
      sendDue = true;
    }
  }

  private Progress newProgress(long id) {
    Progress p = new Progress(id, core.log.lastIndex() + 1, core.config);
    p.recentlyActive = true; // not heard of yet, but not given up either
    if (id == core.id()) {
      p.acknowledge(core.log.persistedIndex());
    }
    return p;
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
    return progress.values().stream()
        .filter(p -> p.replicaId != core.id())
        .map(p -> p.picture(!core.membership.isVoter(p.replicaId)))
        .toList();
  }
}
