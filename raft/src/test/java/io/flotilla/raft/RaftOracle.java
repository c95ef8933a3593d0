package io.flotilla.raft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Knows what may never happen in a group, and throws when it does. It looks at disks and at what
 * leaves the replicas; of what a replica believes it trusts nothing. The numbers are those of the
 * invariants that a simulation of the whole holds to (1 to 16, 28, 30, 31, 33); {@link
 * DurableChecks} has 3 and 18, and 7, 16 and 27 have tests of their own.
 */
final class RaftOracle implements GroupListener {
  private record Position(long index, long term) {}

  private record Known(Entry entry, long prevTerm) {}

  /** An entry that is committed, and in which term it first was. */
  private record Committed(Entry entry, long inTerm) {}

  private record Voter(long replica, long term) {}

  private final RaftGroup group;
  private final DurableChecks durable;
  private final Map<Position, Known> everWritten = new HashMap<>();
  private final TreeMap<Long, Committed> committed = new TreeMap<>();
  private final TreeMap<Long, Long> leaders = new TreeMap<>();
  private final Map<Voter, Long> durableVotes = new HashMap<>();
  private final Map<Long, Long> durableTerms = new HashMap<>();
  private final Map<Long, Long> terms = new HashMap<>();
  private final Map<Long, Long> commits = new HashMap<>();
  private final Map<Long, Long> completeInTerm = new HashMap<>();
  private final Map<Long, Long> readFloors = new HashMap<>();

  /** Where the logs began. */
  private long floor;

  private final Map<Voter, Position> campaigns = new HashMap<>();
  private final Map<Voter, Long> ledUpTo = new HashMap<>();
  private int leasesSeen;
  private int readsConfirmed;
  private int membershipsCommitted;

  RaftOracle(RaftGroup group) {
    this.group = group;
    this.durable = new DurableChecks(group);
    group.listen(this);
  }

  static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  long lastCommitted() {
    return committed.isEmpty() ? floor : Math.max(floor, committed.lastKey());
  }

  int committedCount() {
    return committed.size();
  }

  int terms() {
    return leaders.size();
  }

  int readsConfirmed() {
    return readsConfirmed;
  }

  int leasesSeen() {
    return leasesSeen;
  }

  int membershipsCommitted() {
    return membershipsCommitted;
  }

  // ---- after every step

  /** Invariants 1, 3, 13, 20. */
  void check() {
    for (SimReplica replica : group.up()) {
      RaftNode node = replica.node();
      Long term = terms.put(replica.id, node.term());
      require(term == null || term <= node.term(), "term falls at " + replica.id);
      Long commit = commits.put(replica.id, node.commitIndex());
      require(commit == null || commit <= node.commitIndex(), "commit falls at " + replica.id);
      require(replica.applied() <= node.commitIndex(), "applied above commit at " + replica.id);
      require(node.commitIndex() <= node.lastIndex(), "commit beyond the log of " + replica.id);
      if (node.isLeader()) {
        Long other = leaders.putIfAbsent(node.term(), replica.id);
        require(
            other == null || other == replica.id,
            "two leaders in term " + node.term() + ": " + other + " and " + replica.id);
        if (completeInTerm.getOrDefault(replica.id, 0L) == node.term()) {
          leaderCommits(replica);
        }
        hasTheOnlyLease(replica);
      }
    }
  }

  /** Invariant 28: who may read without asking knows of all that is committed: nobody led since. */
  private void hasTheOnlyLease(SimReplica leader) {
    if (!leader.config().leaderLease() || !leader.node().status().lease()) {
      return;
    }
    leasesSeen++;
    require(
        leaders.lastKey() == leader.node().term(),
        "replica "
            + leader.id
            + " has a lease in term "
            + leader.node().term()
            + " although somebody led term "
            + leaders.lastKey());
  }

  /** Invariant 14. */
  private void leaderCommits(SimReplica leader) {
    long commit = leader.node().commitIndex();
    if (commit <= lastCommitted()) {
      return;
    }
    require(
        leader.view.term(commit) == leader.node().term(),
        "leader " + leader.id + " commits an entry of another term at " + commit);
    Membership membership = leader.membership();
    boolean held =
        isOnMajority(membership.voters(), commit, leader)
            && (!membership.isJoint() || isOnMajority(membership.outgoing(), commit, leader));
    require(held, "leader " + leader.id + " commits " + commit + " which no quorum has on disk");
    recordCommits(leader);
  }

  private boolean isOnMajority(SortedSet<Long> voters, long index, SimReplica leader) {
    long term = leader.view.term(index);
    long holders = voters.stream().filter(id -> group.get(id).disk.log.covers(index, term)).count();
    return holders > voters.size() / 2;
  }

  /**
   * Invariants 10 and 12. Committed entries never change: whoever says that it is committed says
   * the same.
   */
  private void recordCommits(SimReplica replica) {
    long to = Math.min(replica.node().commitIndex(), replica.view.lastIndex());
    long from = Math.max(replica.view.firstIndex(), Math.min(lastCommitted() + 1, to));
    for (long index = from; index <= to; index++) {
      recordCommit(replica, replica.view.get(index));
    }
  }

  private void recordCommit(SimReplica replica, Entry entry) {
    Committed now = new Committed(entry, replica.node().term());
    Committed known = committed.putIfAbsent(entry.index(), now);
    require(
        known == null || known.entry.equals(entry),
        "replica " + replica.id + " takes another entry for committed at " + entry.index());
    if (known == null && entry.type() == Entry.Type.MEMBERSHIP) {
      membershipsCommitted++;
    }
  }

  // ---- as it happens

  @Override
  public void started(SimReplica replica) {
    floor = Math.max(floor, replica.disk.applied);
    terms.put(replica.id, replica.disk.hardState.term());
    commits.put(replica.id, replica.disk.applied);
    completeInTerm.remove(replica.id);
    ledUpTo.keySet().removeIf(led -> led.replica == replica.id); // a term may be lost with a crash
  }

  @Override
  public void handedOut(SimReplica replica, Ready ready) {
    RaftNode node = replica.node();
    require(
        replica.view.lastIndex() == node.lastIndex(),
        "replica " + replica.id + " hands out another log than it has");
    if (node.isLeader() && completeInTerm.getOrDefault(replica.id, 0L) != node.term()) {
      leaderIsComplete(replica);
      wasElected(replica);
      completeInTerm.put(replica.id, node.term());
      leaderCommits(replica);
    }
    ready.messages().forEach(message -> leaves(replica, message));
    recordCommits(replica);
    for (Entry entry : ready.committed()) {
      recordCommit(replica, entry);
      require(
          replica.disk.log.covers(entry.index(), entry.term()),
          "replica " + replica.id + " hands out " + entry.index() + " which its disk has not");
    }
    for (ReadState read : ready.readStates()) {
      readsConfirmed++;
      require(
          read.index() >= readFloors.getOrDefault(read.context(), 0L),
          "read at " + read.index() + " but " + readFloors.get(read.context()) + " was committed");
    }
    mayCampaign(replica, ready);
    changesOneByOne(replica, ready);
    onlyAppends(replica, ready);
    matchIsDurable(replica);
  }

  /** Invariant 11: leader completeness (Raft figure 3). */
  private void leaderIsComplete(SimReplica leader) {
    for (Committed c : committed.values()) {
      require(
          c.inTerm >= leader.node().term() || leader.view.covers(c.entry.index(), c.entry.term()),
          "leader " + leader.id + " lacks the committed entry " + c.entry.index());
    }
  }

  /** Invariants 2 and 5: by votes on the disks of voters, a majority of each half. */
  private void wasElected(SimReplica leader) {
    Membership membership = leader.membership();
    require(
        votedByMajority(membership.voters(), leader)
            && (!membership.isJoint() || votedByMajority(membership.outgoing(), leader)),
        "replica " + leader.id + " leads without a quorum of votes");
  }

  private boolean votedByMajority(SortedSet<Long> voters, SimReplica leader) {
    long term = leader.node().term();
    long votes =
        voters.stream()
            .filter(id -> id == leader.id || votedFor(new Voter(id, term), leader.id))
            .count();
    return votes > voters.size() / 2;
  }

  private boolean votedFor(Voter voter, long candidate) {
    Long vote = durableVotes.get(voter);
    return vote != null && vote == candidate;
  }

  /** Invariant 9: a leader takes nothing back within its term. */
  private void onlyAppends(SimReplica replica, Ready ready) {
    RaftNode node = replica.node();
    if (!node.isLeader()) {
      return;
    }
    Long before = ledUpTo.put(new Voter(replica.id, node.term()), node.lastIndex());
    require(
        before == null || ready.entries().isEmpty() || ready.entries().get(0).index() == before + 1,
        "leader " + replica.id + " rewrites its log");
  }

  @Override
  public void sent(Message message) {
    if (message instanceof Message.RequestVote m && !m.preVote()) {
      campaigns.put(new Voter(m.from(), m.term()), new Position(m.lastIndex(), m.lastTerm()));
    }
  }

  /** Invariant 4: nobody votes for a log that is behind its own. */
  private void votedForAnUpToDateLog(SimReplica voter, Message.RequestVoteReply reply) {
    MemoryLog log = voter.disk.log;
    long term = log.term(log.lastIndex());
    Position candidate = campaigns.get(new Voter(reply.to(), reply.term()));
    if (candidate == null || term >= reply.term()) {
      return; // entries that came after the vote
    }
    require(
        candidate.term > term || (candidate.term == term && candidate.index >= log.lastIndex()),
        "replica " + voter.id + " votes for a log that is behind its own");
  }

  private void leaves(SimReplica sender, Message message) {
    durable.mayLeave(sender, message);
    if (message instanceof Message.RequestVoteReply m && m.granted() && !m.preVote()) {
      votes(sender, m.term(), m.to()); // on its disk may be a later term only
      votedForAnUpToDateLog(sender, m);
    }
    if (message instanceof Message.AppendEntries append) {
      knownEverywhere(append.prevTerm(), append.entries());
    }
  }

  /**
   * Invariant 8: log matching (Raft figure 3). Index and term stand for the entry and for all
   * before it. What was neither written nor sent does not count: a crash may take it back together
   * with its term.
   */
  private void knownEverywhere(long termBefore, List<Entry> entries) {
    long prevTerm = termBefore;
    for (Entry entry : entries) {
      Known now = new Known(entry, prevTerm);
      prevTerm = entry.term();
      Known known = everWritten.putIfAbsent(new Position(entry.index(), entry.term()), now);
      require(
          known == null || known.equals(now),
          "two entries, or two logs before it, at " + entry.index() + "/" + entry.term());
    }
  }

  /** Invariant 6, R12: who campaigns has applied every membership that it knows to be committed. */
  private void mayCampaign(SimReplica replica, Ready ready) {
    RoleChange change = ready.roleChange();
    if (change == null
        || (change.role() != Role.PRE_CANDIDATE && change.role() != Role.CANDIDATE)) {
      return;
    }
    long commit = replica.node().commitIndex();
    for (long index = replica.applied() + 1; index <= commit; index++) {
      require(
          !replica.view.has(index) || replica.view.get(index).type() != Entry.Type.MEMBERSHIP,
          "replica " + replica.id + " campaigns before it applied the membership at " + index);
    }
    require(replica.membership().isVoter(replica.id), "no voter, but campaigns: " + replica.id);
  }

  /** Invariants 30 and 31, R11: one change at a time, after an entry of the term is committed. */
  private void changesOneByOne(SimReplica replica, Ready ready) {
    if (!replica.node().isLeader()) {
      return;
    }
    for (Entry entry : ready.entries()) {
      if (entry.type() == Entry.Type.MEMBERSHIP && entry.term() == replica.node().term()) {
        for (long i = replica.node().commitIndex() + 1; i < entry.index(); i++) {
          require(
              !replica.view.has(i) || replica.view.get(i).type() != Entry.Type.MEMBERSHIP,
              "two changes of membership under way at " + i + " and " + entry.index());
        }
        require(
            replica.view.term(replica.node().commitIndex()) == entry.term(),
            "a change of membership before anything of the term is committed: " + entry.index());
      }
    }
  }

  /** R17: a learner becomes a voter only when it has nearly all that is committed on its disk. */
  void promotes(RaftNode leader, long learner) {
    long held = group.get(learner).disk.log.lastIndex();
    require(
        leader.commitIndex() - held <= SeedRun.PROMOTION_LAG,
        "learner %d is to vote and lacks what is committed: it has %d of %d"
            .formatted(learner, held, leader.commitIndex()));
  }

  /** Invariant 15. */
  private void matchIsDurable(SimReplica replica) {
    if (!replica.node().isLeader()) {
      return;
    }
    for (RaftStatus.Follower f : replica.node().status().followers()) {
      require(f.nextIndex() > f.matchIndex(), "next <= match for " + f.replicaId());
      require(
          f.matchIndex() <= group.get(f.replicaId()).disk.log.lastIndex(),
          "match of " + f.replicaId() + " is not on its disk");
    }
  }

  /** Invariants 2 and 3, after each write. */
  @Override
  public void written(SimReplica replica, Ready ready) {
    HardState state = replica.disk.hardState;
    Long term = durableTerms.put(replica.id, state.term());
    require(term == null || term <= state.term(), "durable term falls at " + replica.id);
    if (state.vote() != 0) {
      votes(replica, state.term(), state.vote());
    }
    if (!ready.entries().isEmpty()) {
      long before = replica.disk.log.term(ready.entries().get(0).index() - 1);
      knownEverywhere(before, ready.entries());
    }
    ready.messagesAfterPersist().forEach(message -> leaves(replica, message));
  }

  private void votes(SimReplica voter, long term, long candidate) {
    Long vote = durableVotes.putIfAbsent(new Voter(voter.id, term), candidate);
    require(
        vote == null || vote == candidate, "replica " + voter.id + " votes twice in term " + term);
  }

  void readBegins(long context) {
    readFloors.put(context, lastCommitted());
  }
}
