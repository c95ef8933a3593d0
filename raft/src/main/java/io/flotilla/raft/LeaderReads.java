package io.flotilla.raft;

/**
 * A leader's answers to reads: one round of heartbeats for all that came since the last one (thesis
 * 6.4), or none while it holds a lease (thesis 6.4.1).
 */
final class LeaderReads {
  private final RaftCore core;
  private final Replicator replicator;
  private final LeaderTransfer transfer;
  private final ReadIndexTracker rounds;

  LeaderReads(RaftCore core, Replicator replicator, LeaderTransfer transfer) {
    this.core = core;
    this.replicator = replicator;
    this.transfer = transfer;
    this.rounds = new ReadIndexTracker(core.config.maxWaitingReads(), core.config.electionTicks());
  }

  ReadResult ask(long from, long context) {
    if (rounds.isFull() || core.readStates.size() >= core.config.maxWaitingReads()) {
      return ReadResult.BUSY;
    }
    if (hasLease()) {
      answer(from, context, core.log.committed());
    } else {
      rounds.add(from, context, core.log.committed());
    }
    return ReadResult.ACCEPTED;
  }

  /**
   * A quorum answered a round that left less than a lease ago (thesis 6.4.1, R22; {@link
   * RaftConfig#leaseTicks()}). Not during a transfer, and never again in the term once a TimeoutNow
   * has left: however late it arrives, the voters will not wait for this leader to be silent (R21).
   */
  boolean hasLease() {
    return core.config.leaderLease()
        && replicator.hasCommittedInTerm()
        && !transfer.isUnderWay()
        && !transfer.toldSomeoneToCampaign()
        && rounds.confirmedTick() >= 0
        && core.now - rounds.confirmedTick() < core.config.leaseTicks();
  }

  /**
   * The quorum that confirmed the lease need not meet those of a membership after the next (R22).
   */
  void onMembershipApplied() {
    rounds.forgetConfirmed();
  }

  /** The next heartbeat shall carry a round, whether a read waits or not. */
  void openRound() {
    rounds.open();
  }

  /** Whether a read waits for a round that has not left. */
  boolean needRound() {
    return rounds.isOpen() && rounds.hasWaiting();
  }

  /** The round that goes with the heartbeats that leave now. */
  long roundToSend() {
    if (rounds.isOpen()) {
      rounds.markSent(core.now);
    }
    return rounds.lastRound();
  }

  /** Somebody answered a round, or the membership is such that nobody has to. */
  void confirm() {
    if (rounds.lastRound() == 0) {
      return;
    }
    long sent = rounds.isOpen() ? rounds.lastRound() - 1 : rounds.lastRound();
    long confirmed =
        Quorum.reached(
            core.membership, id -> id == core.id() ? sent : replicator.follower(id).readRound);
    rounds.confirm(confirmed);
    for (ReadIndexTracker.Waiting read = rounds.poll(confirmed);
        read != null;
        read = rounds.poll(confirmed)) {
      answer(read.from(), read.context(), read.index());
    }
  }

  private void answer(long from, long context, long index) {
    if (from == core.id()) {
      core.readStates.add(new ReadState(context, index));
    } else {
      core.send(new Message.ReadIndexReply(core.id(), from, core.term, context, index));
    }
  }
}
