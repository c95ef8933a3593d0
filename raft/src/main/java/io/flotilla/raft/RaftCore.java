package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Terms, roles and the outbox of one replica.
 *
 * <p>Transitions (Raft figure 4):
 *
 * <pre>
 *   any role       -> FOLLOWER       higher term, a leader of the own term, election lost, quorum
 *                                    not heard of (check-quorum), own disk stuck, removed
 *   FOLLOWER       -> PRE_CANDIDATE  leader silent for the election timeout
 *   PRE_CANDIDATE  -> CANDIDATE      a quorum would vote
 *   FOLLOWER       -> CANDIDATE      TimeoutNow, or pre-vote is off
 *   CANDIDATE      -> LEADER         a quorum voted
 *   (PRE_)CANDIDATE-> same, anew     no result within the election timeout
 * </pre>
 */
final class RaftCore {
  /** A replica whose disk has not answered for so many election timeouts neither leads nor runs. */
  private static final int STUCK_DISK_ELECTION_TIMEOUTS = 2;

  final RaftConfig config;
  final RaftLog log;
  final RaftTracer tracer;
  final List<ReadState> readStates = new ArrayList<>();
  private final RandomGenerator random;
  private final FollowerRole follower = new FollowerRole(this);

  Membership membership;
  RoleBehavior behavior = follower;
  long term;

  /** Whom it voted for in {@code term}; erased only when the term rises (R2). */
  long vote;

  long leaderId;

  /** Whom it knows to have won {@code term}; unlike {@code leaderId} not forgotten in the term. */
  private long leaderOfTerm;

  int electionElapsed;
  int electionTimeout;

  /** Ticks since start, the clock of leases. */
  long now;

  private long durableTerm;
  private long durableVote;
  private int voteHoldTicks;
  private int stuckDiskTicks;
  private List<Message> outbox = new ArrayList<>();
  private List<Message> outboxAfterPersist = new ArrayList<>();

  RaftCore(
      RaftConfig config,
      InitialState initial,
      LogStorage storage,
      RandomGenerator random,
      RaftTracer tracer) {
    this.config = config;
    this.random = random;
    this.tracer = tracer;
    this.membership = initial.membership();
    this.term = initial.hardState().term();
    this.vote = initial.hardState().vote();
    hardStateIsDurable(initial.hardState());
    this.log = new RaftLog(storage, initial.hardState().commit(), initial.applied());
    Invariants.check(
        log.lastTerm() <= term, "log of a later term than the hard state", log.lastTerm(), term);
    // It may have heard a leader right before it stopped (R23, thesis 6.4.1). In term 0 nobody led.
    if (term > 0) {
      holdVotes();
    }
    drawElectionTimeout();
  }

  long id() {
    return config.replicaId();
  }

  // ---- messages out

  /** May leave before the disk is done. */
  void send(Message message) {
    outbox.add(message);
  }

  /** Leaves when everything up to the next Ready is durable. */
  void sendAfterPersist(Message message) {
    outboxAfterPersist.add(message);
  }

  boolean hasMessages() {
    return !outbox.isEmpty() || !outboxAfterPersist.isEmpty();
  }

  List<Message> takeOutbox() {
    List<Message> taken = outbox;
    outbox = new ArrayList<>();
    return taken;
  }

  List<Message> takeOutboxAfterPersist() {
    List<Message> taken = outboxAfterPersist;
    outboxAfterPersist = new ArrayList<>();
    return taken;
  }

  // ---- time

  void tick(boolean diskBusy) {
    now++;
    voteHoldTicks = Math.max(0, voteHoldTicks - 1);
    stuckDiskTicks = diskBusy ? Math.min(stuckDiskTicks + 1, Integer.MAX_VALUE - 1) : 0;
    if (electionElapsed < Integer.MAX_VALUE) {
      electionElapsed++;
    }
    behavior.tick();
  }

  void diskProgressed() {
    stuckDiskTicks = 0;
  }

  /** The own disk does not answer: whoever leads here would lead without being able to (R20). */
  boolean isDiskStuck() {
    return stuckDiskTicks > STUCK_DISK_ELECTION_TIMEOUTS * config.electionTicks();
  }

  /**
   * Whether it may vote for nobody, itself included: a leader may read without asking because it
   * was heard here within an election timeout. Does not end with the leader's term or this
   * replica's role, as check-quorum's memory of the leader does.
   */
  boolean holdsVotes() {
    return voteHoldTicks > 0;
  }

  private void holdVotes() {
    voteHoldTicks = config.leaderLease() ? config.electionTicks() : 0;
  }

  /** The leader gives up its lease before it lets somebody campaign (R21). */
  private void releaseVotes() {
    voteHoldTicks = 0;
  }

  /** A word of the leader of this term (Raft §5.2: there is one at most). */
  void heardLeader(long leader) {
    Invariants.check(
        leaderOfTerm == 0 || leaderOfTerm == leader,
        "two leaders in one term",
        leaderOfTerm,
        leader);
    leaderOfTerm = leader;
    leaderId = leader;
    electionElapsed = 0;
    holdVotes();
  }

  private void drawElectionTimeout() {
    electionTimeout = config.electionTicks() + random.nextInt(config.electionTicks());
  }

  // ---- transitions

  void becomeFollower(long newTerm, long leader) {
    setTerm(newTerm);
    leaderId = leader;
    // A campaign that is over, an acknowledgement to a leader of the past: the leader followed now
    // may replace the log they speak of before it is on disk (R1, R3).
    outboxAfterPersist.clear();
    enter(follower);
  }

  /** Whatever was said in this term or with this vote may be relied on. */
  boolean isVoteDurable() {
    return durableTerm == term && durableVote == vote;
  }

  void hardStateIsDurable(HardState state) {
    durableTerm = state.term();
    durableVote = state.vote();
  }

  boolean mayCampaign() {
    return membership.isVoter(id())
        && !log.hasPendingSnapshot()
        && !log.hasCommittedMembershipToApply() // R12: it may not be a voter any more
        && !isDiskStuck();
  }

  void campaign(boolean transfer) {
    if (config.preVote() && !transfer) {
      leaderId = 0;
      CandidateRole candidate = new CandidateRole(this, true, false);
      enter(candidate);
      candidate.start();
    } else {
      campaign(transfer, new CandidateRole(this, false, transfer));
    }
  }

  /** The pre-vote was won. */
  void campaignForReal() {
    campaign(false, new CandidateRole(this, false, false));
  }

  private void campaign(boolean transfer, CandidateRole candidate) {
    setTerm(term + 1);
    vote = id();
    leaderId = 0;
    enter(candidate);
    candidate.start();
  }

  void becomeLeader() {
    leaderId = id();
    leaderOfTerm = id();
    LeaderRole leader = new LeaderRole(this);
    enter(leader);
    leader.start();
  }

  private void setTerm(long newTerm) {
    Invariants.check(newTerm >= term, "term goes back", newTerm, term);
    if (newTerm > term) {
      term = newTerm;
      vote = 0;
      leaderOfTerm = 0;
    }
  }

  private void enter(RoleBehavior next) {
    behavior = next;
    electionElapsed = 0;
    drawElectionTimeout();
  }

  @Nullable LeaderRole leader() {
    return behavior instanceof LeaderRole leader ? leader : null;
  }

  // ---- messages in

  /** Compares terms (Raft §5.1), then lets the role act. */
  void step(Message m) {
    if (m instanceof Message.RequestVoteReply reply) {
      learnCommit(reply);
    }
    if (m.term() > term) {
      if (!acceptHigherTerm(m)) {
        return;
      }
    } else if (m.term() < term) {
      answerLowerTerm(m);
      return;
    }
    m.accept(behavior);
  }

  private boolean acceptHigherTerm(Message m) {
    if (m instanceof Message.RequestVote request) {
      // Whoever hears a leader does not help to depose it (thesis 4.2.3), but if the leader wants.
      boolean hearsLeader =
          config.checkQuorum() && leaderId != 0 && electionElapsed < config.electionTicks();
      if (hearsLeader && !request.transfer()) {
        tracer.ignored(m, "hears a leader");
        return false;
      }
      if (request.transfer()) {
        releaseVotes();
      }
      if (request.preVote()) {
        return true; // a question changes nothing (thesis 9.6)
      }
    }
    if (m instanceof Message.RequestVoteReply reply && reply.preVote() && reply.granted()) {
      return true; // carries the term asked for, which nobody is in yet
    }
    boolean fromLeader =
        m instanceof Message.AppendEntries
            || m instanceof Message.Heartbeat
            || m instanceof Message.Commit
            || m instanceof Message.InstallSnapshot;
    becomeFollower(m.term(), fromLeader ? m.from() : 0);
    return true;
  }

  /** To a vote or pre-vote; says also what is known to be committed. */
  void answerVote(Message.RequestVote m, long replyTerm, boolean granted) {
    long commit = log.committed();
    sendAfterPersist(
        new Message.RequestVoteReply(
            id(), m.from(), replyTerm, granted, m.preVote(), commit, log.term(commit)));
  }

  /**
   * A voter told how far the log is committed, which is a fact whatever its term: whoever holds
   * that entry holds all before it (log matching, Raft §5.3).
   *
   * <p>Without this a removal can leave a group without a leader. A membership counts from when it
   * is applied (R12), so a candidate that holds the removal but does not know that it is committed
   * asks the removed replica, too. That one does not campaign any more, and refuses its vote if its
   * own log is longer; when only the two can make a majority, its word is the only way out. (So in
   * raft-rs: "vote messages must carry commit info for conf change discovery".)
   */
  private void learnCommit(Message.RequestVoteReply reply) {
    if (leader() != null || !log.matches(reply.commit(), reply.commitTerm())) {
      return; // a leader commits by its own count only (Raft §5.4.2)
    }
    log.commitTo(reply.commit());
    if (behavior instanceof CandidateRole && log.hasCommittedMembershipToApply()) {
      becomeFollower(term, leaderId); // R12: asks again when it knows whom to ask
    }
  }

  private void answerLowerTerm(Message m) {
    if (m instanceof Message.AppendEntries || m instanceof Message.Heartbeat) {
      // Else a replica whose term is ahead could never be reached again: it ignores the leader, and
      // the others ignore its campaigns, or it is a learner and has none (Raft figure 2, R18).
      send(new Message.AppendEntriesReply(id(), m.from(), term, true, 0, 0, 0));
    } else if (m instanceof Message.RequestVote request) {
      answerVote(request, term, false);
    } else {
      tracer.ignored(m, "old term");
    }
  }
}
