package io.flotilla.raft;

/** A leader's way to hand its office to another voter (thesis 3.10). */
final class LeaderTransfer {
  private final RaftCore core;
  private final Replicator replicator;
  private long transferee;
  private int elapsed;
  private boolean toldSomeoneToCampaign;

  LeaderTransfer(RaftCore core, Replicator replicator) {
    this.core = core;
    this.replicator = replicator;
  }

  /** To whom a transfer is under way, 0 = none. */
  long transferee() {
    return transferee;
  }

  boolean isUnderWay() {
    return transferee != 0;
  }

  /** Whether a TimeoutNow has left in this term. It may arrive at any later time. */
  boolean toldSomeoneToCampaign() {
    return toldSomeoneToCampaign;
  }

  TransferResult start(long to) {
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
    elapsed = 0;
    if (replicator.follower(to).match() == core.log.lastIndex()) {
      tellToCampaign();
    } else {
      replicator.sendSoon();
    }
    return TransferResult.STARTED;
  }

  private void tellToCampaign() {
    toldSomeoneToCampaign = true;
    core.send(new Message.TimeoutNow(core.id(), transferee, core.term));
  }

  void tick() {
    if (isUnderWay() && ++elapsed >= core.config.electionTicks()) {
      abort(); // thesis 3.10: resume after an election timeout
    }
  }

  private void abort() {
    core.tracer.transferAborted(transferee);
    transferee = 0;
  }

  /** The follower acknowledged. */
  void onProgress(Progress p) {
    if (p.replicaId == transferee && p.match() == core.log.lastIndex()) {
      tellToCampaign();
    }
  }

  void onMembershipApplied() {
    if (isUnderWay() && !core.membership.voters().contains(transferee)) {
      abort();
    }
  }
}
