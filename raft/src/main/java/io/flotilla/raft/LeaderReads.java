package io.flotilla.raft;

/**
 * A leader's answers to reads: one round of heartbeats for all that came since the last one (thesis
 * 6.4), or none while it holds a lease (thesis 6.4.1).
 */
final class LeaderReads {
  private final RaftCore core;
  private final Replicator replicator;
  private final LeaderTransfer transfer;
  private final ReadIndexTracker rounds = new ReadIndexTracker();

  LeaderReads(RaftCore core, Replicator replicator, LeaderTransfer transfer) {
    this.core = core;
    this.replicator = replicator;
    this.transfer = transfer;
  }

  void ask(long from, long context) {
    if (hasLease()) {
      answer(from, context, core.log.committed());
    } else {
      rounds.add(from, context, core.log.committed());
    }
  }

  /**
   * A quorum answered a round that left less than 0.9 election timeouts ago (thesis 6.4.1, R22).
   * Not once a TimeoutNow has left: however late it arrives, the voters will not wait for this
   * leader to be silent (R21).
   */
  private boolean hasLease() {
    return core.config.leaderLease()
        && !transfer.toldSomeoneToCampaign()
        && rounds.confirmedTick() >= 0
        && (core.now - rounds.confirmedTick()) * 10 < core.config.electionTicks() * 9L;
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
