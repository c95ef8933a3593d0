package io.flotilla.raft;

/**
 * What a replica does while it has a role. {@link RaftCore} has compared terms before: every
 * message that gets here is of the present term, but for pre-votes. The methods of the visitor say
 * whether the message was taken into account.
 */
abstract class RoleBehavior implements MessageVisitor<Boolean> {
  final RaftCore core;

  RoleBehavior(RaftCore core) {
    this.core = core;
  }

  abstract Role role();

  abstract void tick();

  /** Last chance to put messages into the Ready about to be handed out. */
  void beforeReady() {}

  /** Whether {@link #beforeReady()} has something to do. */
  boolean wantsReady() {
    return false;
  }

  /** More of the own log is durable. */
  void onPersisted() {}

  /** The state machine has applied more. */
  void onApplied() {}

  /** The membership changed. */
  void onMembershipApplied() {}

  Boolean ignored(Message message, String reason) {
    core.tracer.ignored(message, reason);
    return false;
  }

  /** Grants or refuses a vote or pre-vote (Raft §5.2, §5.4.1; thesis 9.6). */
  @Override
  public Boolean requestVote(Message.RequestVote m) {
    boolean mayVote =
        core.vote == m.from()
            || (core.vote == 0 && core.leaderId == 0)
            || (m.preVote() && m.term() > core.term);
    // A learner that is asked answers: it may not know yet that it was promoted (R16).
    boolean granted =
        mayVote && !core.holdsVotes() && core.log.isUpToDate(m.lastIndex(), m.lastTerm());
    if (granted && !m.preVote()) {
      core.vote = m.from();
      core.electionElapsed = 0;
    }
    long replyTerm = granted ? m.term() : core.term;
    core.answerVote(m, replyTerm, granted);
    return true;
  }

  @Override
  public Boolean requestVoteReply(Message.RequestVoteReply m) {
    return ignored(m, "not a candidate");
  }

  /** A leader of this very term: whoever is not a leader follows it (Raft §5.2). */
  @Override
  public Boolean appendEntries(Message.AppendEntries m) {
    core.becomeFollower(core.term, m.from());
    return core.behavior.appendEntries(m);
  }

  @Override
  public Boolean heartbeat(Message.Heartbeat m) {
    core.becomeFollower(core.term, m.from());
    return core.behavior.heartbeat(m);
  }

  @Override
  public Boolean commit(Message.Commit m) {
    core.becomeFollower(core.term, m.from());
    return core.behavior.commit(m);
  }

  @Override
  public Boolean installSnapshot(Message.InstallSnapshot m) {
    core.becomeFollower(core.term, m.from());
    return core.behavior.installSnapshot(m);
  }

  @Override
  public Boolean appendEntriesReply(Message.AppendEntriesReply m) {
    return ignored(m, "not the leader");
  }

  @Override
  public Boolean heartbeatReply(Message.HeartbeatReply m) {
    return ignored(m, "not the leader");
  }

  @Override
  public Boolean timeoutNow(Message.TimeoutNow m) {
    return ignored(m, "not a follower");
  }

  @Override
  public Boolean readIndexRequest(Message.ReadIndexRequest m) {
    return ignored(m, "not the leader");
  }

  @Override
  public Boolean readIndexReply(Message.ReadIndexReply m) {
    core.readStates.add(new ReadState(m.context(), m.index()));
    return true;
  }
}
