package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.SplitShardReply;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.Split;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a user shard: keys with values and revisions, sessions, splits.
 *
 * <p>Each command is first held against the session table (a retry is answered, not executed), then
 * against the range: a key that a split took away between proposal and apply is answered with
 * STALE_ROUTE, and nothing is written. That is the epoch check at apply; a check of the range
 * version would refuse the keys that stayed, too.
 *
 * <p>Revisions: a write gets the leader's stamp or one more than the last revision of the shard,
 * whichever is higher. So they rise within a shard even if clocks go back, and from parent to
 * child. They are also the time by which rows expire, see {@code Expiries}: no clock is read.
 */
public final class KvStateMachine implements StateMachine {
  private static final int MAX_SPLIT_OFF = 8;

  private final ReplicaState rows;
  private final Expiries expiries;
  private final RowWrites writes;
  private final SessionTable sessions;
  private ShardDescriptor descriptor;
  private long lastRevision;
  private Optional<SplitResult> split = Optional.empty();

  /** Youngest first; not part of the state: it only saves callers a question to the catalog. */
  private final Deque<Route> splitOff = new ArrayDeque<>();

  /**
   * A shard as of its replica row.
   *
   * @param rows the replica's rows
   * @param row the replica's row, with the descriptor
   * @param maxSessions kept by a shard, the same on all nodes
   */
  public KvStateMachine(ReplicaState rows, ReplicaRow row, int maxSessions) {
    this.rows = rows;
    this.expiries = new Expiries(row);
    this.writes = new RowWrites(rows, expiries);
    this.descriptor = Descriptors.fromProto(row.getShard());
    this.lastRevision = row.getLastRevision();
    this.sessions =
        new SessionTable(descriptor.shardId(), rows, row.getEvictedSessionMillis(), maxSessions);
  }

  /** How many sessions of clients are known. */
  public int sessions() {
    return sessions.size();
  }

  @Override
  public ShardDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public long lastRevision() {
    return lastRevision;
  }

  @Override
  public long earliestExpiryMillis() {
    return expiries.earliestMillis();
  }

  @Override
  public boolean hasMuchToSweep() {
    return expiries.foundMuch();
  }

  @Override
  public void descriptorChanged(ShardDescriptor changed) {
    descriptor = changed;
  }

  @Override
  public Optional<SplitResult> takeSplit() {
    Optional<SplitResult> taken = split;
    split = Optional.empty();
    return taken;
  }

  @Override
  public void saveToRows() {
    sessions.saveToRows();
  }

  @Override
  public void fillRow(ReplicaRow.Builder row) {
    row.setShard(Descriptors.toProto(descriptor))
        .setLastRevision(lastRevision)
        .setEvictedSessionMillis(sessions.evictedMillis());
    expiries.fillRow(row);
  }

  @Override
  public List<Reply> apply(CommandBatch batch) {
    List<Reply> replies = new ArrayList<>(batch.getCommandsCount());
    for (Command command : batch.getCommandsList()) {
      replies.add(apply(batch.getStamp(), command));
    }
    return replies;
  }

  private Reply apply(long stamp, Command command) {
    // What became of a write can be told only where its key is now: elsewhere, that nothing is
    // known
    // of it means nothing.
    Reply refused = command.hasSettleWrite() ? outOfRange(command) : null;
    if (refused == null) {
      refused = sessions.answerWithoutExecuting(command);
    }
    if (refused == null) {
      refused = outOfRange(command);
    }
    if (refused != null) {
      return refused;
    }
    lastRevision = Math.max(stamp, lastRevision + 1);
    Reply reply = execute(command);
    // A refusal too: the state that gave it may be another when the retry comes.
    sessions.executed(command, reply, lastRevision);
    return reply;
  }

  private Reply execute(Command command) {
    return switch (command.getKindCase()) {
      case PUT, DELETE, COMPARE_AND_SET, BATCH, INCREMENT, DELETE_RANGE ->
          writes.execute(command, descriptor, lastRevision);
      case SETTLE_WRITE -> Settlements.NEVER_APPLIED;
      case EXPIRE -> {
        expiries.sweep(rows, descriptor, Stamps.millis(lastRevision));
        yield Reply.getDefaultInstance();
      }
      case SPLIT -> split(command.getSplit());
      case CATALOG_UPDATE, CONFIRM_MEMBERSHIP, FENCE_MEMBERSHIP, KIND_NOT_SET ->
          throw new IllegalStateException(
              "not a command of a user shard: " + command.getKindCase());
    };
  }

  private @Nullable Reply outOfRange(Command command) {
    boolean inside =
        switch (command.getKindCase()) {
          case PUT -> holds(command.getPut().getKey());
          case DELETE -> holds(command.getDelete().getKey());
          case COMPARE_AND_SET -> holds(command.getCompareAndSet().getKey());
          case INCREMENT -> holds(command.getIncrement().getKey());
          case DELETE_RANGE -> holds(command.getDeleteRange().getRange().getStart());
          case SETTLE_WRITE -> holds(command.getSettleWrite().getKey());
          case BATCH ->
              command.getBatch().getMutationsList().stream().allMatch(m -> holds(m.getKey()))
                  && command.getBatch().getConditionsList().stream()
                      .allMatch(c -> holds(c.getKey()));
          case SPLIT, EXPIRE, CATALOG_UPDATE, CONFIRM_MEMBERSHIP, FENCE_MEMBERSHIP, KIND_NOT_SET ->
              true;
        };
    return inside ? null : stale();
  }

  private boolean holds(ByteString key) {
    return descriptor.range().contains(Descriptors.payload(key));
  }

  /** Checked again although it was checked at the proposal: a split may have come between (M11). */
  private Reply split(Split request) {
    Payload key = Descriptors.payload(request.getKey());
    boolean stale = !Descriptors.fromProto(request.getExpectedEpoch()).equals(descriptor.epoch());
    boolean misfit = request.getChildReplicaIdsCount() != descriptor.replicas().size();
    if (stale || misfit || descriptor.isJoint()) {
      return stale();
    }
    if (!descriptor.range().canSplitAt(key)) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
          "the split key is not inside the range of shard " + descriptor.shardId());
    }
    ShardDescriptor right =
        descriptor.rightOf(key, request.getChildShardId(), request.getChildReplicaIdsList());
    descriptor = descriptor.leftOf(key);
    splitOff.addFirst(Descriptors.route(right, 0, 0));
    if (splitOff.size() > MAX_SPLIT_OFF) {
      splitOff.removeLast();
    }
    sessions.copyTo(right.shardId());
    ReplicaRow.Builder childRow = ReplicaRow.newBuilder();
    fillRow(childRow);
    childRow.setShard(Descriptors.toProto(right));
    split = Optional.of(new SplitResult(descriptor, right, childRow.build()));
    return Reply.newBuilder()
        .setSplitShard(
            SplitShardReply.newBuilder()
                .setLeft(Descriptors.toProto(descriptor))
                .setRight(Descriptors.toProto(right)))
        .build();
  }

  private Reply stale() {
    List<Route> routes = new ArrayList<>(List.of(route(0, 0)));
    routes.addAll(splitOff);
    return Failures.staleRoute(descriptor.shardId(), routes);
  }

  @Override
  public List<Route> splitOff() {
    return List.copyOf(splitOff);
  }

  /** A route to this shard, for refusals. */
  public Route route(long leaderNodeId, long leaderTerm) {
    return Descriptors.route(descriptor, leaderNodeId, leaderTerm);
  }
}
