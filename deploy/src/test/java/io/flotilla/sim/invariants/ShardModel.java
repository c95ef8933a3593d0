package io.flotilla.sim.invariants;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.MembershipContext;
import io.flotilla.internal.v1.Split;
import io.flotilla.raft.Entry;
import io.flotilla.raft.MembershipChange;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the committed entries of one shard must have done: a second, plain state machine. Of the
 * system shard it knows the descriptor alone.
 */
final class ShardModel {
  private final ModelWorld world;
  private final NavigableMap<Payload, Payload> rows = new TreeMap<>();
  private final ModelSessions sessions;
  private final Map<Long, Long> marks = new HashMap<>();
  private final TreeMap<Long, KeyRange> ranges = new TreeMap<>();
  private ShardDescriptor descriptor;
  private long fence;
  private long lastRevision;
  private long mark;

  /** An empty shard where its log begins. */
  ShardModel(ModelWorld world, ShardDescriptor descriptor) {
    this.world = world;
    this.descriptor = descriptor;
    this.sessions = new ModelSessions(world.maxSessions());
    begin();
  }

  private void begin() {
    marks.put(ShardHistory.FIRST_INDEX, mark);
    ranges.put(ShardHistory.FIRST_INDEX, descriptor.range());
    world.descriptors().exists(descriptor);
  }

  ShardDescriptor descriptor() {
    return descriptor;
  }

  /** Rows and sessions as of an index, as a number. */
  long mark(long index) {
    return marks.getOrDefault(index, 0L);
  }

  boolean reaches(long index) {
    return marks.containsKey(index);
  }

  /** Its keys as of an index. */
  KeyRange range(long index) {
    return ranges.floorEntry(index).getValue();
  }

  void apply(Entry entry) {
    switch (entry.type()) {
      case DATA -> applyData(entry);
      case MEMBERSHIP -> applyMembership(entry);
      case NOOP -> {}
    }
    marks.put(entry.index(), mark);
    if (!ranges.lastEntry().getValue().equals(descriptor.range())) {
      ranges.put(entry.index(), descriptor.range());
    }
  }

  private void applyData(Entry entry) {
    CommandBatch batch;
    try {
      batch = CommandBatch.parseFrom(entry.payload().asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a committed entry cannot be read", e);
    }
    for (Command command : batch.getCommandsList()) {
      apply(entry, batch.getStamp(), command);
    }
  }

  private void apply(Entry entry, long stamp, Command command) {
    ByteString key =
        switch (command.getKindCase()) {
          case PUT -> command.getPut().getKey();
          case DELETE -> command.getDelete().getKey();
          case COMPARE_AND_SET -> command.getCompareAndSet().getKey();
          case INCREMENT -> command.getIncrement().getKey();
          case DELETE_RANGE -> command.getDeleteRange().getRange().getStart();
          case SETTLE_WRITE -> command.getSettleWrite().getKey();
          case SPLIT, BATCH, EXPIRE -> ByteString.EMPTY;
          case CATALOG_UPDATE, CONFIRM_MEMBERSHIP, FENCE_MEMBERSHIP -> null;
          default -> throw new IllegalStateException("not in the model: " + command.getKindCase());
        };
    if (key == null) {
      fence = Math.max(fence, command.getFenceMembership().getFence());
      return;
    }
    boolean inside =
        switch (command.getKindCase()) {
          case SPLIT, EXPIRE -> true;
          case BATCH ->
              command.getBatch().getConditionsList().stream().allMatch(c -> holds(c.getKey()))
                  && command.getBatch().getMutationsList().stream()
                      .allMatch(m -> holds(m.getKey()));
          default -> holds(key);
        };
    if (sessions.refuse(command) || !inside) {
      return;
    }
    lastRevision = Math.max(stamp, lastRevision + 1);
    if (command.hasSplit()) {
      split(command.getSplit());
    } else if (command.hasExpire()) {
      expire();
    } else if (command.hasBatch()) {
      remember(entry, command, execute(command.getBatch()));
    } else {
      long result = execute(command, KeySpace.userRow(Descriptors.payload(key)));
      remember(entry, command, result);
    }
  }

  private boolean holds(ByteString key) {
    return descriptor.range().contains(Descriptors.payload(key));
  }

  /** The row with its time not over, or null. */
  private @Nullable Payload visible(Payload key) {
    Payload row = rows.get(key);
    return row == null || StoredRow.isOver(row, lastRevision) ? null : row;
  }

  private long revisionOf(Payload key) {
    Payload before = visible(key);
    return before == null ? 0 : StoredRow.revision(before);
  }

  /** A sweep sees all rows, for there are few. */
  private void expire() {
    for (Payload key : List.copyOf(rows.keySet())) {
      if (visible(key) == null) {
        remove(key);
      }
    }
  }

  private long execute(DeleteRangeRequest request) {
    Payload end = Descriptors.payload(request.getRange().getEnd());
    Payload start = Descriptors.payload(request.getRange().getStart());
    int left = request.getLimit() == 0 ? Integer.MAX_VALUE : request.getLimit();
    int deleted = 0;
    for (Payload key : List.copyOf(rows.tailMap(KeySpace.userRow(start), true).keySet())) {
      boolean beyond = !end.isEmpty() && key.compareTo(KeySpace.userRow(end)) >= 0;
      if (beyond || deleted == left) {
        break;
      }
      deleted += visible(key) == null ? 0 : 1;
      remove(key);
    }
    return Marks.result(6, true, lastRevision) + deleted;
  }

  private long execute(BatchRequest batch) {
    for (int i = 0; i < batch.getConditionsCount(); i++) {
      Condition condition = batch.getConditions(i);
      Payload key = KeySpace.userRow(Descriptors.payload(condition.getKey()));
      if (revisionOf(key) != condition.getExpectedRevision()) {
        return Marks.result(4, false, i);
      }
    }
    for (Mutation mutation : batch.getMutationsList()) {
      Payload key = KeySpace.userRow(Descriptors.payload(mutation.getKey()));
      if (mutation.hasPut()) {
        put(key, mutation.getPut(), expiry(mutation.getTtlMillis()));
      } else {
        remove(key);
      }
    }
    return Marks.result(4, true, lastRevision);
  }

  private boolean remove(Payload key) {
    Payload before = rows.remove(key);
    if (before == null) {
      return false;
    }
    mark -= Marks.row(key, before);
    world.reads().deleted(key, lastRevision);
    return true;
  }

  private long execute(Command command, Payload key) {
    long revision = revisionOf(key);
    switch (command.getKindCase()) {
      case PUT -> {
        if (command.getPut().getIfAbsent() && revision != 0) {
          return Marks.result(1, false, revision);
        }
        put(key, command.getPut().getValue(), expiry(command.getPut().getTtlMillis()));
        return Marks.result(1, true, lastRevision);
      }
      case DELETE -> {
        return Marks.result(2, visible(key) != null && remove(key), lastRevision);
      }
      case INCREMENT -> {
        Payload before = visible(key);
        long number =
            before == null
                ? command.getIncrement().getInitial()
                : Long.parseLong(StoredRow.value(before).toStringUtf8());
        long sum = number + command.getIncrement().getDelta();
        put(
            key,
            ByteString.copyFromUtf8(Long.toString(sum)),
            before == null ? 0 : StoredRow.expiry(before));
        return Marks.result(5, true, lastRevision) + sum;
      }
      case DELETE_RANGE -> {
        return execute(command.getDeleteRange());
      }
      case SETTLE_WRITE -> {
        return Marks.result(7, false, 0);
      }
      default -> {
        if (revision != command.getCompareAndSet().getExpectedRevision()) {
          return Marks.result(3, false, revision);
        }
        CompareAndSetRequest set = command.getCompareAndSet();
        put(key, set.getValue(), expiry(set.getTtlMillis()));
        return Marks.result(3, true, lastRevision);
      }
    }
  }

  /** Of a row that is written now; 0: never. */
  private long expiry(long ttlMillis) {
    return ttlMillis == 0 ? 0 : StoredRow.timeMillis(lastRevision) + ttlMillis;
  }

  private void put(Payload key, ByteString value, long expiry) {
    Payload row = StoredRow.of(lastRevision, expiry, value);
    Payload before = rows.put(key, row);
    mark += Marks.row(key, row) - (before == null ? 0 : Marks.row(key, before));
  }

  private void remember(Entry entry, Command command, long result) {
    long id = command.getSessionId();
    if (id == 0) {
      return;
    }
    world.executed().executes(descriptor.shardId(), entry, id, command.getSequence());
    mark += sessions.executed(command, result, lastRevision);
  }

  private void split(Split split) {
    Payload key = Descriptors.payload(split.getKey());
    boolean refused =
        !Descriptors.fromProto(split.getExpectedEpoch()).equals(descriptor.epoch())
            || split.getChildReplicaIdsCount() != descriptor.replicas().size()
            || descriptor.isJoint()
            || !descriptor.range().canSplitAt(key);
    if (refused) {
      return;
    }
    ShardDescriptor whole = descriptor;
    ShardModel child =
        new ShardModel(
            world, whole.rightOf(key, split.getChildShardId(), split.getChildReplicaIdsList()));
    become(whole.leftOf(key));
    NavigableMap<Payload, Payload> moved = rows.tailMap(KeySpace.userRow(key), true);
    moved.forEach(
        (rowKey, row) -> {
          child.rows.put(rowKey, row);
          child.mark += Marks.row(rowKey, row);
          mark -= Marks.row(rowKey, row);
        });
    moved.clear();
    child.mark += sessions.copyTo(child.sessions);
    child.lastRevision = lastRevision;
    child.marks.put(ShardHistory.FIRST_INDEX, child.mark);
    world.born(child);
    world.descriptors().halves(whole, descriptor, child.descriptor);
  }

  private void become(ShardDescriptor next) {
    world.descriptors().follows(descriptor, next);
    descriptor = next;
    world.descriptors().exists(next);
  }

  private void applyMembership(Entry entry) {
    MembershipChange change = MembershipChange.decode(entry.payload());
    MembershipContext context;
    try {
      context = MembershipContext.parseFrom(change.context().asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a change of membership cannot be read", e);
    }
    boolean late = context.getFence() != 0 && context.getFence() < fence;
    boolean isVoid =
        late || context.getExpectedMembershipVersion() != descriptor.epoch().membershipVersion();
    if (!isVoid || change.leavesJoint()) {
      fence = Math.max(fence, context.getFence());
      world.memberships().follows(descriptor, change);
      become(
          descriptor.withMembership(
              change.after(descriptor.membership()),
              context.getAddedList().stream().map(Descriptors::fromProto).toList()));
    }
  }
}
