package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ConfirmMembership;
import io.flotilla.internal.v1.MembershipContext;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Entry;
import io.flotilla.raft.MembershipChange;
import io.flotilla.raft.Payload;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.kv.KvReader;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.FrozenMemtable;
import io.flotilla.storage.ReplicaState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed entries in order, answers the calls behind them, and serves reads from what is
 * applied. Confined to the loop.
 *
 * <p>A split is a barrier: the parent's rows and both replicas' metadata become durable in one
 * transaction before anyone sees the child, and until then nothing more is applied or read here.
 * After a crash before it, the log is replayed and the split happens anew; after it, both are
 * there.
 */
final class Applier {
  /** Bytes applied in one turn; the rest waits, for other replicas' sake (M22). */
  private static final long MAX_BYTES_PER_TURN = 4L << 20;

  private static final Command NO_COMMAND = Command.getDefaultInstance();
  private final Replica replica;
  private final HostParts parts;
  private final ShardHost host;
  private ReplicaState rows;
  private StateMachine machine;
  private final Deque<Entry> committed = new ArrayDeque<>();
  private long appliedIndex;
  private long appliedTerm;
  private boolean barrier;
  private boolean membershipUnconfirmed;
  private long membershipFence;

  Applier(Replica replica, ReplicaSeed seed, HostParts parts, ShardHost host) {
    this.replica = replica;
    this.parts = parts;
    this.host = host;
    this.rows = seed.rows();
    this.machine = seed.machine();
    this.appliedIndex = seed.row().getAppliedIndex();
    this.appliedTerm = seed.row().getAppliedTerm();
    this.membershipUnconfirmed = seed.row().getMembershipUnconfirmed();
    this.membershipFence = seed.row().getMembershipFence();
  }

  ReplicaState rows() {
    return rows;
  }

  StateMachine machine() {
    return machine;
  }

  long appliedIndex() {
    return appliedIndex;
  }

  long appliedTerm() {
    return appliedTerm;
  }

  /** The last change removed somebody, and a majority may not know yet that it is committed. */
  boolean isMembershipUnconfirmed() {
    return membershipUnconfirmed;
  }

  /** The highest fence of an operation that this shard has seen; 0: none. */
  long membershipFence() {
    return membershipFence;
  }

  boolean isAtBarrier() {
    return barrier;
  }

  boolean hasMore() {
    return !barrier && !committed.isEmpty();
  }

  void add(List<Entry> entries) {
    committed.addAll(entries);
  }

  /** A snapshot takes the place of everything: nothing is applied or read until it is there. */
  void closeForInstall() {
    barrier = true;
    committed.clear();
  }

  /** The snapshot is there. */
  void reopen(ReplicaRow row) {
    ReplicaSeed seed = host.seed(replica.key(), row);
    rows = seed.rows();
    machine = seed.machine();
    appliedIndex = row.getAppliedIndex();
    appliedTerm = row.getAppliedTerm();
    membershipUnconfirmed = row.getMembershipUnconfirmed();
    membershipFence = row.getMembershipFence();
    barrier = false;
    host.ranges().holds(machine.descriptor());
    replica.meter().rowsReplaced();
    catalogChanged();
  }

  private void catalogChanged() {
    if (machine instanceof CatalogStateMachine catalog) {
      host.catalogApplied(catalog);
    }
  }

  void applySome() {
    long bytes = 0;
    long before = appliedIndex;
    while (!barrier && !committed.isEmpty() && bytes < MAX_BYTES_PER_TURN) {
      Entry entry = committed.removeFirst();
      bytes += entry.sizeBytes();
      apply(entry);
    }
    if (appliedIndex > before) {
      parts.meter().applied((int) (appliedIndex - before));
    }
    replica.readers().serve();
  }

  private void apply(Entry entry) {
    if (entry.index() != appliedIndex + 1) {
      throw new IllegalStateException("applies index " + entry.index() + " after " + appliedIndex);
    }
    appliedIndex = entry.index();
    appliedTerm = entry.term();
    replica.meter().applied(entry.sizeBytes());
    switch (entry.type()) {
      case DATA -> applyData(entry);
      case MEMBERSHIP -> applyMembership(entry);
      case NOOP -> {
        var unused = replica.callers().proposals().take(entry.index(), entry.term());
      }
    }
    replica.node().applied(entry.index());
  }

  private void applyData(Entry entry) {
    ProposalTracker.@Nullable Proposal own =
        replica.callers().proposals().take(entry.index(), entry.term());
    if (own != null) {
      parts.meter().committed(parts.clock().nanos() - own.proposedNanos());
    }
    CommandBatch batch = own == null ? decode(entry.payload()) : own.batch();
    Command first = batch.getCommandsCount() == 1 ? batch.getCommands(0) : NO_COMMAND;
    switch (first.getKindCase()) {
      case CONFIRM_MEMBERSHIP -> confirmMembership(first.getConfirmMembership());
      case FENCE_MEMBERSHIP -> {
        membershipFence = Math.max(membershipFence, first.getFenceMembership().getFence());
        answer(own, List.of(MembershipChanges.done(machine.descriptor())));
      }
      default -> applyToMachine(batch, own);
    }
  }

  private void applyToMachine(CommandBatch batch, ProposalTracker.@Nullable Proposal own) {
    List<Reply> replies = machine.apply(batch);
    machine
        .takeSplit()
        .ifPresentOrElse(split -> beginSplit(split, own, replies), () -> answer(own, replies));
    catalogChanged();
  }

  /**
   * The membership counts at once, here and in the Raft node; others hear of it once it is durable
   * here. A change that was proposed for another membership is void on every replica alike.
   */
  private void applyMembership(Entry entry) {
    MembershipChange change = MembershipChange.decode(entry.payload());
    MembershipContext context = membershipContext(change.context());
    ShardDescriptor before = machine.descriptor();
    boolean isLate = context.getFence() != 0 && context.getFence() < membershipFence;
    boolean isVoid =
        isLate || context.getExpectedMembershipVersion() != before.epoch().membershipVersion();
    if (isVoid && !change.leavesJoint()) {
      replica.changes().refused();
      return;
    }
    membershipFence = Math.max(membershipFence, context.getFence());
    replica.node().applyMembership(entry);
    ShardDescriptor after =
        before.withMembership(
            change.after(before.membership()),
            context.getAddedList().stream().map(Descriptors::fromProto).toList());
    boolean removes = before.replicas().stream().anyMatch(r -> after.nodeOf(r.replicaId()) == 0);
    membershipUnconfirmed |= removes;
    machine.descriptorChanged(after);
    flushThen(new FlushBatch(), () -> replica.run(replica.changes()::announce));
  }

  private static MembershipContext membershipContext(Payload context) {
    try {
      return MembershipContext.parseFrom(context.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the context of a membership change cannot be read", e);
    }
  }

  private void confirmMembership(ConfirmMembership confirmation) {
    if (confirmation.getMembershipVersion() == machine.descriptor().epoch().membershipVersion()) {
      membershipUnconfirmed = false;
      flushThen(new FlushBatch(), () -> replica.run(replica.changes()::announce));
    }
  }

  /** Makes everything applied so far durable, with what is in the batch; then goes on. */
  private void flushThen(FlushBatch flush, Runnable onLoop) {
    ReplicaState frozenRows = rows;
    FrozenMemtable frozen = freezeInto(flush);
    parts
        .store()
        .state()
        .flush(
            flush,
            () ->
                replica
                    .loop()
                    .enqueue(
                        () -> {
                          frozenRows.release(frozen);
                          onLoop.run();
                        }));
  }

  private static CommandBatch decode(Payload payload) {
    try {
      return CommandBatch.parseFrom(payload.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a committed entry cannot be read", e);
    }
  }

  private static void answer(ProposalTracker.@Nullable Proposal own, List<Reply> replies) {
    if (own != null) {
      for (int i = 0; i < replies.size(); i++) {
        own.calls().get(i).reply(replies.get(i));
      }
    }
  }

  private void beginSplit(
      StateMachine.SplitResult split, ProposalTracker.@Nullable Proposal own, List<Reply> replies) {
    barrier = true;
    FlushBatch flush = new FlushBatch();
    NewReplica child = NewReplica.ofSplit(split, parts.nodeId());
    flush.putMeta(KeySpace.replicaRow(child.key().shardId(), child.key().replicaId()), child.row());
    boolean campaign = replica.node().isLeader();
    flushThen(
        flush,
        () -> {
          barrier = false;
          host.ranges().holds(split.left());
          host.ranges().holds(split.right());
          host.startReplica(child.key(), campaign);
          host.splitApplied(replica, split);
          answer(own, replies);
          replica.loop().markDue(replica);
        });
  }

  /** Adds everything applied so far, and the row that says so, to a flush. */
  FrozenMemtable freezeInto(FlushBatch flush) {
    machine.saveToRows();
    FrozenMemtable frozen = rows.freeze();
    flush.add(frozen);
    flush.putMeta(
        KeySpace.replicaRow(replica.shardId(), replica.key().replicaId()),
        Payload.of(replica.row().toByteArray()));
    return frozen;
  }

  /** A read of what is applied; its key is held against the range again (R27). */
  Reply read(Request request) {
    if (barrier) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_UNAVAILABLE,
          "shard " + replica.shardId() + " cannot be read here at the moment: try again");
    }
    if (!Keys.allInside(request, machine.descriptor().range())) {
      return Failures.staleRoute(replica.shardId(), replica.callers().routes());
    }
    Reply.Builder reply = Reply.newBuilder();
    long revision = machine.lastRevision();
    switch (request.getOperationCase()) {
      case GET -> reply.setGet(KvReader.get(rows, revision, request.getGet().getKey()));
      case MULTI_GET -> reply.setMultiGet(KvReader.multiGet(rows, revision, request.getMultiGet()));
      case SCAN ->
          reply.setScan(KvReader.scan(rows, revision, machine.descriptor(), request.getScan()));
      case GET_CATALOG ->
          reply.setGetCatalog(
              ((CatalogStateMachine) machine)
                  .read(request.getGetCatalog(), !membershipUnconfirmed));
      default -> throw new IllegalStateException("not a read: " + request.getOperationCase());
    }
    return reply.build();
  }
}
