package io.flotilla.raft;

import java.util.Map;
import java.util.TreeMap;

/** Collects votes (Raft §5.2) or, before, promises of votes (thesis 9.6). */
final class CandidateRole extends RoleBehavior {
  private final boolean preVote;
  private final boolean transfer;
  private final Map<Long, Boolean> votes = new TreeMap<>();

  CandidateRole(RaftCore core, boolean preVote, boolean transfer) {
    super(core);
    this.preVote = preVote;
    this.transfer = transfer;
  }

  @Override
  Role role() {
    return preVote ? Role.PRE_CANDIDATE : Role.CANDIDATE;
  }

  /** Votes for itself and asks the others. */
  void start() {
    long campaignTerm = preVote ? core.term + 1 : core.term;
    long lastIndex = core.log.lastIndex();
    long lastTerm = core.log.lastTerm();
    for (long voter : core.membership.all()) {
      if (voter != core.id() && core.membership.isVoter(voter)) {
        // After persist: the vote for itself and the log it boasts of must be durable (R1, R3).
        core.sendAfterPersist(
            new Message.RequestVote(
                core.id(), voter, campaignTerm, lastIndex, lastTerm, preVote, transfer));
      }
    }
    if (preVote) {
      count(core.id(), true);
    }
  }

  /**
   * Its own vote counts like any other: when it is on disk (R1). A sole voter that led before could
   * crash, forget it, and see another one lead the same term.
   */
  @Override
  void onPersisted() {
    if (!preVote && core.isVoteDurable()) {
      count(core.id(), true);
    }
  }

  @Override
  void tick() {
    if (core.electionElapsed >= core.electionTimeout) {
      if (core.mayCampaign()) {
        core.campaign(false);
      } else {
        core.becomeFollower(core.term, 0);
      }
    }
  }

  @Override
  public Boolean requestVoteReply(Message.RequestVoteReply m) {
    if (m.preVote() != preVote || !core.membership.isVoter(m.from())) {
      return ignored(m, "not a vote that counts");
    }
    count(m.from(), m.granted());
    return true;
  }

  private void count(long voter, boolean granted) {
    votes.putIfAbsent(voter, granted);
    Quorum.Vote result =
        Quorum.tally(
            core.membership,
            v -> Boolean.TRUE.equals(votes.get(v)),
            v -> Boolean.FALSE.equals(votes.get(v)));
    switch (result) {
      case WON -> {
        if (preVote) {
          core.campaignForReal();
        } else {
          core.becomeLeader();
        }
      }
      case LOST -> core.becomeFollower(core.term, 0);
      case PENDING -> {}
    }
  }
}
