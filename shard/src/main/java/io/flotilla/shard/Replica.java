package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.HardState;
import io.flotilla.raft.InitialState;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.RaftConfig;
import io.flotilla.raft.RaftNode;
import io.flotilla.raft.RaftStatus;
import io.flotilla.raft.RaftTracer;
import io.flotilla.raft.ReadState;
import io.flotilla.raft.Ready;
import io.flotilla.raft.RoleChange;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import io.flotilla.storage.ReplicaState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica: its Raft node, its state machine, and the calls that wait for them. Confined to its
 * loop.
 *
 * <p>When an invariant breaks, the replica stops for good: it neither votes nor answers again until
 * the process starts anew, and its status says why.
 */
final class Replica {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  /** Readys taken in one turn; the rest waits, for other replicas' sake (M22). */
  private static final int MAX_READYS_PER_TURN = 16;

  private static final class UnderWay {
    final Ready ready;
    final long batch;

    UnderWay(Ready ready, long batch) {
      this.ready = ready;
      this.batch = batch;
    }
  }

  private final ReplicaKey key;
  private final ShardLoop loop;
  private final HostParts parts;
  private final ShardHost host;
  private final SnapshotInstaller installer;
  private final RaftNode node;
  private final Applier applier;
  private final Readers readers;
  private final Callers callers;
  private final MembershipChanges changes;
  private final ExpirySweeps sweeps;
  private final LeaseTicks leaseTicks;
  private final ShardMeter meter;
  private final RoleNotes notes;
  private final Strangers strangers = new Strangers();
  private final List<Long> snapshotsLeaving = new ArrayList<>();
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private long batchesSubmitted;
  private long batchesDurable;
  private int ticksUnheard;
  private boolean stopped;

  Replica(ReplicaSeed seed, ShardLoop loop, HostParts parts, ShardHost host) {
    this.key = seed.key();
    this.loop = loop;
    this.parts = parts;
    this.host = host;
    this.installer = new SnapshotInstaller(this, parts);
    this.notes = new RoleNotes(key, parts.meter());
    ReplicaLog log = parts.store().journal().log(key);
    ReplicaRow row = seed.row();
    Membership membership = Membership.decode(Descriptors.payload(row.getMembership()));
    HardState hardState = log.hardState();
    int electionTicks = parts.config().electionTicks();
    RaftConfig config =
        RaftConfig.defaults(key.replicaId())
            .withTicks(electionTicks, parts.config().heartbeatTicks())
            .withLeaderLease(parts.config().leaderLease());
    this.node =
        new RaftNode(
            config,
            new InitialState(hardState, membership, row.getAppliedIndex()),
            log,
            seed.random(),
            RaftTracer.NONE);
    this.applier = new Applier(this, seed, parts, host);
    long random = seed.random().nextLong();
    this.readers = new Readers(this, applier, parts, random >>> 1);
    this.meter = new ShardMeter(this, parts, new SplittableRandom(random));
    this.callers = new Callers(this, readers, parts);
    this.changes = new MembershipChanges(this);
    this.sweeps = new ExpirySweeps(this, parts);
    this.leaseTicks = new LeaseTicks(parts.config().tickNanos(), 2 * electionTicks);
    leaseTicks.observe(node, parts.clock().nanos());
  }

  // ---- what others of the loop ask

  ReplicaKey key() {
    return key;
  }

  long shardId() {
    return key.shardId();
  }

  RaftNode node() {
    return node;
  }

  ShardLoop loop() {
    return loop;
  }

  Applier applier() {
    return applier;
  }

  Callers callers() {
    return callers;
  }

  MembershipChanges changes() {
    return changes;
  }

  ShardMeter meter() {
    return meter;
  }

  Readers readers() {
    return readers;
  }

  ReplicaState rows() {
    return applier.rows();
  }

  StateMachine machine() {
    return applier.machine();
  }

  ShardDescriptor descriptor() {
    return applier.machine().descriptor();
  }

  boolean isStopped() {
    return stopped;
  }

  boolean isLeader() {
    return !stopped && node.isLeader();
  }

  /** The shard as known here, with its leader's node if that is known. */
  Route route() {
    ShardDescriptor shard = descriptor();
    return Descriptors.route(shard, shard.nodeOf(node.leaderId()), node.term());
  }

  // ---- events

  void tick() {
    guarded(
        () -> {
          if (parts.config().leaderLease() && node.isLeader()) {
            catchUpWithClock();
          } else {
            node.tick();
          }
          callers.tick();
          changes.tick(parts.clock().nanos());
          sweeps.tick();
          meter.tick();
          ticksUnheard = node.isLeader() ? 0 : ticksUnheard + 1;
          if (mayBeRemoved()) {
            host.stale().suspect(shardId());
          }
          installer.tick();
          loop.markDue(this);
        });
  }

  /** The others may have gone on without this replica, and there is nobody to tell it (M6). */
  private boolean mayBeRemoved() {
    return ticksUnheard > 2 * parts.config().electionTicks()
        || descriptor().nodeOf(key.replicaId()) == 0;
  }

  void receive(long fromNodeId, Message message) {
    if (descriptor().nodeOf(message.from()) == 0) {
      strangers.heard(message.from(), fromNodeId);
    }
    receive(message);
  }

  /** A message whose sender waits for no answer, or is known. */
  void receive(Message message) {
    if (message.to() != key.replicaId()) {
      if (message.to() > key.replicaId()) {
        host.stale().suspect(shardId()); // its successor is awaited here
      }
      return; // for a replica that was here before, or will be (M3)
    }
    guarded(() -> node.step(message));
    if (message.from() == node.leaderId()) {
      ticksUnheard = 0;
    }
    loop.markDue(this);
  }

  /** Before a read: a lease must not seem younger than it is. */
  void catchUpWithClock() {
    if (parts.config().leaderLease()) {
      leaseTicks.catchUp(node, parts.clock().nanos());
    }
  }

  void call(Call call) {
    guarded(() -> callers.accept(call));
    if (stopped) {
      call.reply(stoppedReply());
    }
    loop.markDue(this);
  }

  void campaign() {
    guarded(node::campaign);
    loop.markDue(this);
  }

  /**
   * Does what is due: proposes, hands Readys on, applies.
   *
   * @return whether something was added to the batch
   */
  boolean advance(JournalBatch batch) {
    long before = batchesSubmitted;
    guarded(
        () -> {
          callers.proposeAndRead();
          for (int i = 0; i < MAX_READYS_PER_TURN && mayTakeReady(); i++) {
            take(node.ready(), batch, before + 1);
          }
          installer.discardUnwanted();
          applier.applySome();
          changes.advance();
          if (mayTakeReady() || applier.hasMore()) {
            loop.markDue(this);
          }
        });
    return batchesSubmitted > before;
  }

  private boolean mayTakeReady() {
    return !installer.isUnderWay() && node.hasReady();
  }

  private void take(Ready ready, JournalBatch batch, long batchNumber) {
    RoleChange change = ready.roleChange();
    if (change != null) {
      roleChanged(change);
    }
    for (Message message : ready.messages()) {
      send(message);
    }
    if (ready.snapshot() != null) {
      installer.begin(ready);
      return;
    }
    if (ready.needsPersistence()) {
      addTo(batch, ready);
      batchesSubmitted = batchNumber;
    }
    underWay.addLast(new UnderWay(ready, batchesSubmitted));
    drainDurable();
    applier.add(ready.committed());
    for (ReadState read : ready.readStates()) {
      readers.confirmed(read);
    }
  }

  private void addTo(JournalBatch batch, Ready ready) {
    HardState hardState = ready.hardState();
    batch.append(key, ready.entries());
    if (hardState != null) {
      batch.hardState(key, hardState);
    }
  }

  /** Makes a Ready durable with a batch of its own. */
  void submit(JournalBatch batch, Ready ready) {
    batchesSubmitted++;
    underWay.addLast(new UnderWay(ready, batchesSubmitted));
    parts.store().journal().submit(batch, () -> loop.enqueue(this::batchDurable));
  }

  /** The oldest batch of this replica that was under way is durable. */
  void batchDurable() {
    batchesDurable++;
    guarded(this::drainDurable);
    loop.markDue(this);
  }

  private void drainDurable() {
    while (!underWay.isEmpty() && underWay.peekFirst().batch <= batchesDurable) {
      Ready ready = underWay.removeFirst().ready;
      node.persisted(ready);
      for (Message message : ready.messagesAfterPersist()) {
        send(message);
      }
    }
  }

  private void send(Message message) {
    if (message instanceof Message.InstallSnapshot wish) {
      host.snapshots().send(this, wish);
      return;
    }
    long known = descriptor().nodeOf(message.to());
    long nodeId = known == 0 ? strangers.nodeOf(message.to()) : known;
    if (nodeId != 0) {
      loop.send(nodeId, shardId(), message);
    }
  }

  private void roleChanged(RoleChange change) {
    notes.changed(change);
    callers.roleChanged(change);
    if (node.isLeader()) {
      reportRoute();
    } else {
      changes.leadershipLost();
      sweeps.leadershipLost();
    }
  }

  /**
   * Tells the catalog what is led here, but for a removal that is not confirmed yet: on its word
   * the removed replica goes.
   */
  void reportRoute() {
    if (isLeader() && !applier.isMembershipUnconfirmed()) {
      host.reporter().changed(route());
    }
  }

  /**
   * Gives leadership to the follower that is the furthest, if there is one that is alive.
   *
   * @param notTo replicas that are not to lead
   * @return whether there is one
   */
  boolean giveLeadershipAway(Set<Long> notTo) {
    Optional<RaftStatus.Follower> next =
        node.status().followers().stream()
            .filter(f -> f.recentlyActive() && !f.learner() && !notTo.contains(f.replicaId()))
            .max(Comparator.comparingLong(RaftStatus.Follower::matchIndex));
    next.ifPresent(
        follower ->
            run(
                () -> {
                  var unused = node.transferLeadership(follower.replicaId());
                }));
    return next.isPresent();
  }

  // ---- snapshots

  /** A snapshot at this index is on its way out: the log after it is kept (R29). */
  void keepLogFrom(long index) {
    snapshotsLeaving.add(index);
  }

  /** That snapshot is not needed any more. */
  void letLogGoFrom(long index) {
    snapshotsLeaving.remove(Long.valueOf(index));
  }

  void snapshotSent(long toReplica, boolean arrived) {
    guarded(() -> node.reportSnapshot(toReplica, arrived));
    loop.markDue(this);
  }

  /** Index of the oldest snapshot on its way out, or the highest possible one. */
  long oldestSnapshotLeaving() {
    return snapshotsLeaving.stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  /**
   * A snapshot for this replica is here as a whole.
   *
   * @return why it is not taken, empty if it is
   */
  String receiveSnapshot(StagedSnapshot snapshot) {
    if (stopped || applier.isAtBarrier() || installer.isBusy()) {
      return "the replica is busy";
    }
    installer.offer(snapshot);
    receive(snapshot.message());
    return "";
  }

  // ---- the end

  /** Whether a snapshot is being put in the place of its rows. */
  boolean isInstalling() {
    return installer.isUnderWay();
  }

  /** This replica is not part of its shard any more: nothing happens in it from now on (M7). */
  void retire() {
    stopped = true;
    Reply gone = Failures.staleRoute(shardId(), List.of());
    callers.failAll(gone);
    changes.fail(gone);
  }

  // ---- failure

  /** Something for this replica that comes back from elsewhere. */
  void run(Runnable action) {
    guarded(action);
    loop.markDue(this);
  }

  /** Runs something that may break an invariant; if it does, this replica is over. */
  private void guarded(Runnable action) {
    if (stopped) {
      return;
    }
    try {
      if (parts.config().leaderLease()) {
        leaseTicks.observe(node, parts.clock().nanos());
      }
      action.run();
    } catch (RuntimeException e) {
      stopped = true;
      LOG.atError()
          .addKeyValue("shard", shardId())
          .addKeyValue("replica", key.replicaId())
          .addKeyValue("term", node.term())
          .setCause(e)
          .log("the replica stopped: {}", e.getMessage());
      callers.failAll(stoppedReply());
      changes.fail(stoppedReply());
    }
  }

  private Reply stoppedReply() {
    return Failures.unknown(
        ErrorCode.ERROR_CODE_INTERNAL,
        "the replica of shard " + shardId() + " on this node has stopped, see the server's log");
  }

  /** The row that stands for the applied state. */
  ReplicaRow row() {
    ReplicaRow.Builder row =
        ReplicaRow.newBuilder()
            .setMembership(Descriptors.bytes(node.membership().encode()))
            .setAppliedIndex(applier.appliedIndex())
            .setAppliedTerm(applier.appliedTerm())
            .setMembershipUnconfirmed(applier.isMembershipUnconfirmed())
            .setMembershipFence(applier.membershipFence());
    applier.machine().fillRow(row);
    return row.build();
  }

  Reply notLeader() {
    return Failures.notLeader(route());
  }
}
