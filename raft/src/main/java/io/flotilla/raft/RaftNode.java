package io.flotilla.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one shard as a value that is stepped: it never waits, never reads a clock, never
 * touches disk or network. Read the package's page for the loop around it.
 *
 * <p>Not safe for threads: one thread at a time drives it.
 *
 * <p>Every method may throw {@link RaftInvariantException}; the replica must not be used after.
 */
public final class RaftNode {
  private final RaftCore core;
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private HardState handedOut;
  private HardState durable;
  private RoleChange told;
  private int hardStatesUnderWay;

  private record UnderWay(Ready ready, long logVersion) {}

  /**
   * A replica as it was when it stopped, as a follower.
   *
   * @param config bounds and timers
   * @param initial what was durable
   * @param storage the durable log; must hold the entry at {@code initial.applied()} or have been
   *     compacted exactly up to it
   * @param random for election timeouts; seeded by the caller
   * @param tracer hears of events
   */
  public RaftNode(
      RaftConfig config,
      InitialState initial,
      LogStorage storage,
      RandomGenerator random,
      RaftTracer tracer) {
    core = new RaftCore(config, initial, storage, random, tracer);
    handedOut = initial.hardState();
    durable = handedOut;
    told = roleNow();
  }

  // ---- in

  /** One unit of time has passed. */
  public void tick() {
    core.tick(!underWay.isEmpty() && needsDisk());
  }

  private boolean needsDisk() {
    return underWay.stream().anyMatch(u -> u.ready().needsPersistence());
  }

  /** A message came in. */
  public void step(Message message) {
    Invariants.check(message.to() == core.id(), "message for another", message.to(), core.id());
    core.step(message);
  }

  /** Campaigns now, if it may; not while another replica may hold a lease that counts on it. */
  public void campaign() {
    if (core.leader() == null && core.mayCampaign() && !core.holdsVotes()) {
      core.campaign(false);
    }
  }

  /** Appends to the log, if this is the leader. */
  public ProposalResult propose(Payload payload) {
    LeaderRole leader = core.leader();
    return leader == null ? notLeader() : leader.propose(payload);
  }

  /**
   * Proposes a change of membership. It takes effect when its entry is applied.
   *
   * @throws IllegalArgumentException if the change does not fit the present membership
   */
  public ProposalResult proposeMembership(MembershipChange change) {
    LeaderRole leader = core.leader();
    return leader == null ? notLeader() : leader.proposeMembership(change);
  }

  private ProposalResult notLeader() {
    return new ProposalResult(ProposalResult.Status.NOT_LEADER, 0, 0, core.leaderId);
  }

  /**
   * Asks for an index from which on reads are linearizable; the answer is a {@link ReadState} with
   * the same context. A follower asks its leader; such a request may be lost.
   *
   * @param context chosen by the caller, not used before by this replica
   */
  public ReadResult readIndex(long context) {
    LeaderRole leader = core.leader();
    if (leader != null) {
      return leader.readIndex(core.id(), context);
    }
    if (core.leaderId == 0) {
      return ReadResult.NOT_LEADER;
    }
    core.send(new Message.ReadIndexRequest(core.id(), core.leaderId, core.term, context));
    return ReadResult.ACCEPTED;
  }

  /** Hands leadership to another voter; proposals are refused until it ends. */
  public TransferResult transferLeadership(long toReplica) {
    LeaderRole leader = core.leader();
    return leader == null ? TransferResult.NOT_LEADER : leader.transfer(toReplica);
  }

  /** A snapshot for the replica arrived there, or did not. */
  public void reportSnapshot(long replicaId, boolean ok) {
    LeaderRole leader = core.leader();
    if (leader != null) {
      leader.reportSnapshot(replicaId, ok);
    }
  }

  /** Messages to the replica are being lost. */
  public void reportUnreachable(long replicaId) {
    LeaderRole leader = core.leader();
    if (leader != null) {
      leader.reportUnreachable(replicaId);
    }
  }

  // ---- out

  /** Whether {@link #ready()} has anything to say. */
  public boolean hasReady() {
    return core.hasMessages()
        || core.behavior.wantsReady()
        || core.log.unstable().hasUnsent()
        || core.log.hasCommittedToHandOut()
        || !core.readStates.isEmpty()
        || core.term != handedOut.term()
        || core.vote != handedOut.vote()
        || !told.equals(roleNow());
  }

  /**
   * Hands out all there is to do since the last call. Each Ready must be passed to {@link
   * #persisted}, in this order, also one without anything for the disk: it may acknowledge what an
   * earlier one writes.
   */
  public Ready ready() {
    core.behavior.beforeReady();
    HardState hardState = takeHardState();
    SnapshotMetadata snapshot = core.log.unstable().takeUnsentSnapshot();
    List<Entry> entries = core.log.unstable().takeUnsent();
    List<Message> now = core.takeOutbox();
    List<Message> later = core.takeOutboxAfterPersist();
    if (hardStatesUnderWay > 0 && !now.isEmpty()) {
      // Nothing may be said in a term, or with a vote, that a crash could forget (R1).
      now.addAll(later);
      later = now;
      now = List.of();
    }
    List<Entry> committed = core.log.takeCommitted(core.config.maxCommittedBytesPerReady());
    LeaderRole leader = core.leader();
    if (leader != null) {
      leader.committedHandedOut(committed);
    }
    List<ReadState> readStates = List.copyOf(core.readStates);
    core.readStates.clear();
    Ready ready =
        new Ready(
            hardState, entries, snapshot, now, later, committed, readStates, takeRoleChange());
    underWay.addLast(new UnderWay(ready, core.log.unstable().version()));
    return ready;
  }

  private @Nullable HardState takeHardState() {
    HardState state = new HardState(core.term, core.vote, core.log.committed());
    boolean changed = state.term() != handedOut.term() || state.vote() != handedOut.vote();
    // The commit index alone is not worth a write: it is found again after an election.
    boolean withEntries = core.log.unstable().hasUnsent() && state.commit() != handedOut.commit();
    if (!changed && !withEntries) {
      return null;
    }
    if (changed) {
      hardStatesUnderWay++;
    }
    handedOut = state;
    return state;
  }

  private @Nullable RoleChange takeRoleChange() {
    RoleChange change = roleNow();
    if (change.equals(told)) {
      return null;
    }
    told = change;
    core.tracer.roleChanged(change);
    return change;
  }

  private RoleChange roleNow() {
    return new RoleChange(core.behavior.role(), core.term, core.leaderId);
  }

  /** The Ready's hard state, entries and snapshot are durable, and so are those of all before. */
  public void persisted(Ready ready) {
    UnderWay oldest = underWay.pollFirst();
    if (oldest == null || oldest.ready() != ready) {
      throw new RaftInvariantException("persisted out of order: " + underWay.size());
    }
    core.diskProgressed();
    HardState state = ready.hardState();
    if (state != null && changesTermOrVote(state)) {
      hardStatesUnderWay--;
    }
    SnapshotMetadata snapshot = ready.snapshot();
    if (snapshot != null) {
      core.log.snapshotPersisted(snapshot);
    }
    if (!ready.entries().isEmpty()) {
      Entry last = ready.entries().get(ready.entries().size() - 1);
      core.log.unstable().persisted(last.index(), oldest.logVersion());
    }
    core.hardStateIsDurable(durable);
    core.behavior.onPersisted();
  }

  private boolean changesTermOrVote(HardState state) {
    boolean changes = state.term() != durable.term() || state.vote() != durable.vote();
    durable = state;
    return changes;
  }

  /** The state machine has applied everything up to the index. */
  public void applied(long index) {
    core.log.appliedTo(index);
    core.behavior.onApplied();
  }

  /**
   * A MEMBERSHIP entry is being applied: from now on its membership counts.
   *
   * @return the membership after it
   */
  public Membership applyMembership(Entry entry) {
    if (core.log.isCoveredByPendingSnapshot(entry.index())) {
      return core.membership; // a newer one than the entry's
    }
    MembershipChange change = MembershipChange.decode(entry.payload());
    core.membership = MembershipChanger.apply(core.membership, change);
    core.behavior.onMembershipApplied();
    LeaderRole leader = core.leader();
    if (leader != null && !core.membership.isVoter(core.id())) {
      leader.tellCommitBeforeLeaving();
      core.becomeFollower(core.term, 0); // thesis 4.2.2
    }
    return core.membership;
  }

  /** The membership as applied. */
  public Membership membership() {
    return core.membership;
  }

  /** Whether this replica leads, as far as it knows. */
  public boolean isLeader() {
    return core.leader() != null;
  }

  public long term() {
    return core.term;
  }

  /** Who leads the term as far as known, 0 = nobody. */
  public long leaderId() {
    return core.leaderId;
  }

  public long commitIndex() {
    return core.log.committed();
  }

  public long lastIndex() {
    return core.log.lastIndex();
  }

  /** A picture of the replica for operators. */
  public RaftStatus status() {
    LeaderRole leader = core.leader();
    return new RaftStatus(
        core.id(),
        core.behavior.role(),
        core.term,
        core.vote,
        core.leaderId,
        core.log.firstIndex(),
        core.log.lastIndex(),
        core.log.persistedIndex(),
        core.log.committed(),
        core.log.applied(),
        core.membership,
        leader == null ? 0 : leader.transferee(),
        leader != null && leader.hasLease(),
        leader == null ? List.of() : leader.followers());
  }
}
