package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.HardState;
import io.flotilla.raft.InitialState;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.RaftConfig;
import io.flotilla.raft.RaftNode;
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
import java.util.Deque;
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
  private final ReplicaLog log;
  private final RaftNode node;
  private final Applier applier;
  private final Callers callers;
  private final RouteReporter reporter;
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private long batchesSubmitted;
  private long batchesDurable;
  private boolean stopped;

  Replica(ReplicaSeed seed, ShardLoop loop, HostParts parts, ShardHost host) {
    this.key = seed.key();
    this.loop = loop;
    this.parts = parts;
    this.reporter = host.reporter();
    this.log = parts.store().journal().log(key);
    ReplicaRow row = seed.row();
    Membership membership = Membership.decode(Descriptors.payload(row.getMembership()));
    HardState hardState = log.hardState();
    int electionTicks = parts.config().electionTicks();
    RaftConfig config =
        RaftConfig.defaults(key.replicaId())
            .withTicks(electionTicks, parts.config().heartbeatTicks());
    this.node =
        new RaftNode(
            config,
            new InitialState(hardState, membership, row.getAppliedIndex()),
            log,
            seed.random(),
            RaftTracer.NONE);
    this.applier = new Applier(this, seed, parts, host);
    this.callers = new Callers(this, applier, parts);
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

  ReplicaLog log() {
    return log;
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
          node.tick();
          callers.tick();
          loop.markDue(this);
        });
  }

  void receive(Message message) {
    if (message.to() != key.replicaId()) {
      return; // for a replica that was here before, or will be (M3)
    }
    guarded(() -> node.step(message));
    loop.markDue(this);
  }

  void call(Call call) {
    if (stopped) {
      call.reply(stoppedReply());
      return;
    }
    guarded(() -> callers.accept(call));
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
          for (int i = 0; i < MAX_READYS_PER_TURN && node.hasReady(); i++) {
            take(node.ready(), batch, before + 1);
          }
          applier.applySome();
          if (node.hasReady() || applier.hasMore()) {
            loop.markDue(this);
          }
        });
    return batchesSubmitted > before;
  }

  private void take(Ready ready, JournalBatch batch, long batchNumber) {
    RoleChange change = ready.roleChange();
    if (change != null) {
      roleChanged(change);
    }
    for (Message message : ready.messages()) {
      send(message);
    }
    if (ready.needsPersistence()) {
      addTo(batch, ready);
      batchesSubmitted = batchNumber;
    }
    underWay.addLast(new UnderWay(ready, batchesSubmitted));
    drainDurable();
    applier.add(ready.committed());
    for (ReadState read : ready.readStates()) {
      callers.readConfirmed(read);
    }
  }

  private void addTo(JournalBatch batch, Ready ready) {
    HardState hardState = ready.hardState();
    if (ready.snapshot() != null) {
      throw new IllegalStateException("a snapshot was accepted that was never staged");
    }
    batch.append(key, ready.entries());
    if (hardState != null) {
      batch.hardState(key, hardState);
    }
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
    if (message instanceof Message.InstallSnapshot) {
      node.reportSnapshot(message.to(), false);
      return;
    }
    long nodeId = descriptor().nodeOf(message.to());
    if (nodeId != 0) {
      loop.outbox().send(nodeId, shardId(), message);
    }
  }

  private void roleChanged(RoleChange change) {
    LOG.debug(
        "shard {} replica {} is {} in term {}, leader {}",
        shardId(),
        key.replicaId(),
        change.role(),
        change.term(),
        change.leaderId());
    callers.roleChanged(change);
    if (node.isLeader()) {
      reporter.changed(route());
    }
  }

  // ---- failure

  /** Runs something that may break an invariant; if it does, this replica is over. */
  private void guarded(Runnable action) {
    if (stopped) {
      return;
    }
    try {
      action.run();
    } catch (RuntimeException e) {
      stopped = true;
      LOG.error(
          "shard {} replica {} stopped in term {}: {}",
          shardId(),
          key.replicaId(),
          node.term(),
          e.getMessage(),
          e);
      callers.failAll(stoppedReply());
    }
  }

  private Reply stoppedReply() {
    return Failures.unknown(
        ErrorCode.ERROR_CODE_INTERNAL,
        "the replica of shard " + shardId() + " on this node has stopped, see the server's log");
  }

  /** The row that stands for the applied state, for a flush. */
  Payload encodedRow() {
    ReplicaRow.Builder row =
        ReplicaRow.newBuilder()
            .setMembership(Descriptors.bytes(node.membership().encode()))
            .setAppliedIndex(applier.appliedIndex())
            .setAppliedTerm(applier.appliedTerm());
    applier.machine().fillRow(row);
    return Payload.of(row.build().toByteArray());
  }

  Reply notLeader() {
    return Failures.notLeader(route());
  }
}
