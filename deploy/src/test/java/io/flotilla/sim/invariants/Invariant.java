package io.flotilla.sim.invariants;

/**
 * What must be true at every moment, by the numbers of {@code docs/invariants.md}. The list is
 * complete: what is not looked at here says why.
 */
public enum Invariant {
  ONE_LEADER_PER_TERM(1, "A term of a shard has one leader at most", "ElectionChecks"),
  ONE_VOTE_PER_TERM(
      2,
      "A replica votes for one candidate of a term at most, also across "
          + "restarts and power loss",
      "ElectionChecks"),
  TERMS_RISE(
      3,
      "Terms never fall, in memory or on disk, and no message speaks of a "
          + "term that is not on its sender's disk",
      "ElectionChecks, MessageChecks"),
  VOTES_FOR_COMPLETE_LOGS(
      4, "Nobody votes for a log that is behind the one on its own disk", "MessageChecks"),
  ELECTED_BY_A_QUORUM(
      5,
      "A leader has the votes of a majority on disk, of both halves while the "
          + "membership is joint",
      "ElectionChecks"),
  ONLY_VOTERS_LEAD(
      6,
      "Who becomes leader has a vote by all memberships that it knows to be " + "committed",
      "ElectionChecks"),
  PRE_VOTES_CHANGE_NOTHING(
      7,
      "A term or vote comes from a candidate, never from a question before " + "the candidacy",
      "ElectionChecks"),
  LOGS_MATCH(8, "Index and term stand for one entry and for one log before it", "LogChecks"),
  LEADERS_APPEND(9, "A leader takes nothing back within its term", "LogChecks, ElectionChecks"),
  COMMITTED_FOR_EVER(10, "What is committed at an index never changes", "CommitChecks"),
  LEADERS_ARE_COMPLETE(11, "A new leader has every committed entry", "ElectionChecks"),
  COMMITTED_IS_KEPT(
      12, "No committed entry is cut off a disk, and no log has a gap", "LogChecks, CommitChecks"),
  COMMIT_RISES(
      13,
      "The commit index never falls, is not beyond the log, and no follower "
          + "is told of a commit that it does not hold",
      "CommitChecks, MessageChecks"),
  COMMIT_NEEDS_A_QUORUM(
      14, "A leader commits only what is of its term and on the disks of a quorum", "CommitChecks"),
  MATCH_IS_ON_DISK(
      15,
      "What a leader knows to match is on the follower's disk, below what it "
          + "sends next, and does not fall in its term",
      "CommitChecks"),
  DISKS_GIVE_BACK(16, "A log read back after a start is the one that was written", "LogChecks"),
  ACKNOWLEDGED_IS_COMMITTED(
      17, "An acknowledged write is committed and on the disks of a quorum", "ClientChecks"),
  DURABLE_BEFORE_SAID(
      18, "No vote and no acknowledgement leaves before what it says is on disk", "MessageChecks"),
  SURVIVES_POWER_LOSS(
      19,
      "Whatever disks lose power, those that are left hold every acknowledged " + "write",
      "ClientChecks"),
  APPLIED_WITH_ITS_ROWS(
      20,
      "Applied is not beyond committed, and the index on disk is that of the " + "rows beside it",
      "CommitChecks, StateChecks"),
  REPLICAS_ARE_ALIKE(
      21,
      "Replicas at one applied index have equal digests of rows, sessions, "
          + "descriptor and membership",
      "StateChecks"),
  APPLIES_AS_THE_MODEL(
      22,
      "Committed entries do to rows and sessions what they do to a model in " + "memory",
      "StateChecks"),
  EXECUTED_ONCE(
      23,
      "A write of a session is executed once at most in the whole key space, "
          + "whatever becomes of its shard",
      "ExecutedWrites"),
  APPLY_IS_PURE(24, "Applying looks at no clock and no dice", "Tripwire"),
  FAILURES_STOP_A_REPLICA(
      25,
      "No failure of a replica is swallowed: a replica that has stopped ends "
          + "the run, and says nothing",
      "Oracle, MessageChecks"),
  READS_SEE_WRITES(
      26,
      "A read sees every write of its key that was acknowledged before it " + "began",
      "ClientChecks"),
  READ_INDEX_IS_NEW(
      27, "A read index is not below anything committed before it was asked for", "MessageChecks"),
  ONE_LEASE(
      28,
      "While a replica holds a lease, no leader of a newer term has committed " + "anything",
      "ElectionChecks"),
  REPLIES_STAY_IN_RANGE(
      29, "A reply is about keys that its shard held at the index it was read at", "ClientChecks"),
  CHANGES_ONE_BY_ONE(
      30,
      "One change of membership is under way at most, and each overlaps the " + "one before",
      "MembershipChecks"),
  CHANGES_AFTER_A_COMMIT(
      31,
      "No change of membership is proposed before an entry of the term is "
          + "committed, and joint memberships are left",
      "MembershipChecks, Inspection"),
  IDS_ARE_NEW(32, "Ids of replicas and shards are never used again", "DescriptorChecks"),
  MEMBERSHIPS_ARE_SOUND(
      33,
      "Each membership has a voter, one replica on a node, and nobody in two " + "roles",
      "DescriptorChecks"),
  SHARDS_TILE(
      34, "The newest descriptors, and the routes shown, cover each key once", "DescriptorChecks"),
  STORED_ONCE(
      35,
      "The replicas of a node do not overlap, and each stored key belongs to " + "one of them",
      "DescriptorChecks, StateChecks"),
  EPOCHS_RISE(
      36,
      "Epochs rise by defined steps, and one epoch of a shard has one " + "descriptor",
      "DescriptorChecks"),
  SPLITS_KEEP_ALL(
      37,
      "The halves of a split are the whole: keys, rows, sessions, votes",
      "DescriptorChecks, StateChecks"),
  REMOVED_FOR_GOOD(
      38,
      "A removed replica never comes back and says nothing, and it goes only "
          + "when its shard has gone on without it",
      "Oracle, DescriptorChecks, MessageChecks"),
  SNAPSHOTS_ARE_WHOLE(
      39,
      "A snapshot is there as a whole or not at all, and never takes a " + "replica back",
      "CommitChecks, StateChecks"),
  CHANGES_KEEP_A_QUORUM(
      40,
      "A change of membership leaves a quorum that has the log, and is void "
          + "if another came before",
      "MembershipChecks"),
  QUEUES_ARE_BOUNDED(41, "Queues stay within their bounds", "Oracle"),
  NOBODY_WAITS_FOR_OTHERS(
      42,
      "A shard that waits does not hold up the ticks of another",
      "",
      "virtual time does not charge for work: a slow turn takes no time here. "
          + "TickPaceTest, FullStoreTest, and the canary ticks-wait-for-the-disk "
          + "look at it"),
  NO_WORD_FROM_A_LOST_STORE(
      43,
      "A store that went back in time or was emptied neither votes nor leads " + "nor acknowledges",
      "Oracle");

  private final int number;
  private final String words;
  private final String checkedBy;
  private final String whyNot;

  Invariant(int number, String words, String checkedBy) {
    this(number, words, checkedBy, "");
  }

  Invariant(int number, String words, String checkedBy, String whyNot) {
    this.number = number;
    this.words = words;
    this.checkedBy = checkedBy;
    this.whyNot = whyNot;
  }

  public int number() {
    return number;
  }

  public String words() {
    return words;
  }

  /** Names of classes; empty if the simulation cannot look at it. */
  public String checkedBy() {
    return checkedBy;
  }

  /** Why it is not looked at; empty if it is. */
  public String whyNot() {
    return whyNot;
  }

  public boolean isChecked() {
    return whyNot.isEmpty();
  }

  /** For reports. */
  @Override
  public String toString() {
    return "invariant %2d: %s".formatted(number, words);
  }
}
