package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.SettleWriteRequest;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.Expire;
import io.flotilla.internal.v1.Split;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.List;

/** Commands for tests. */
final class Commands {
  private Commands() {}

  static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static Command put(String key, String value) {
    return put(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)));
  }

  static Command put(PutRequest.Builder put) {
    return Command.newBuilder().setPut(put).build();
  }

  static Command putIfAbsent(String key, String value) {
    return put(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)).setIfAbsent(true));
  }

  static Command delete(String key) {
    return delete(key, 0, false);
  }

  static Command delete(String key, long expectedRevision, boolean returnPrevious) {
    return Command.newBuilder()
        .setDelete(
            DeleteRequest.newBuilder()
                .setKey(utf8(key))
                .setExpectedRevision(expectedRevision)
                .setReturnPrevious(returnPrevious))
        .build();
  }

  static Command compareAndSet(String key, long expectedRevision, String value) {
    return compareAndSet(key, expectedRevision, value, 0);
  }

  static Command compareAndSet(String key, long expectedRevision, String value, long ttlMillis) {
    return Command.newBuilder()
        .setCompareAndSet(
            CompareAndSetRequest.newBuilder()
                .setKey(utf8(key))
                .setExpectedRevision(expectedRevision)
                .setValue(utf8(value))
                .setTtlMillis(ttlMillis))
        .build();
  }

  static Command putFor(long ttlMillis, String key, String value) {
    return put(
        PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)).setTtlMillis(ttlMillis));
  }

  static Command expire() {
    return Command.newBuilder().setExpire(Expire.getDefaultInstance()).build();
  }

  static Command increment(String key, long delta, long initial) {
    return Command.newBuilder()
        .setIncrement(
            IncrementRequest.newBuilder().setKey(utf8(key)).setDelta(delta).setInitial(initial))
        .build();
  }

  /** Up to the end, if that is empty. */
  static Command deleteRange(String start, String end, int limit) {
    return Command.newBuilder()
        .setDeleteRange(
            DeleteRangeRequest.newBuilder()
                .setRange(KeyRange.newBuilder().setStart(utf8(start)).setEnd(utf8(end)))
                .setLimit(limit))
        .build();
  }

  /** What became of the write of this session and sequence? */
  static Command settle(String key, long sessionId, long sequence) {
    return inSession(
        Command.newBuilder()
            .setSettleWrite(SettleWriteRequest.newBuilder().setKey(utf8(key)))
            .build(),
        sessionId,
        sequence,
        0);
  }

  static Condition condition(String key, long expectedRevision) {
    return Condition.newBuilder().setKey(utf8(key)).setExpectedRevision(expectedRevision).build();
  }

  static Mutation putting(String key, String value) {
    return putting(key, value, 0);
  }

  static Mutation putting(String key, String value, long ttlMillis) {
    return Mutation.newBuilder()
        .setKey(utf8(key))
        .setPut(utf8(value))
        .setTtlMillis(ttlMillis)
        .build();
  }

  static Mutation deleting(String key) {
    return Mutation.newBuilder().setKey(utf8(key)).setDelete(true).build();
  }

  static Command batch(List<Condition> conditions, Mutation... mutations) {
    return Command.newBuilder()
        .setBatch(
            BatchRequest.newBuilder()
                .addAllConditions(conditions)
                .addAllMutations(List.of(mutations)))
        .build();
  }

  static Command split(String key, ShardEpoch expected, long childShardId, Long... replicaIds) {
    return Command.newBuilder()
        .setSplit(
            Split.newBuilder()
                .setKey(utf8(key))
                .setExpectedEpoch(Descriptors.toProto(expected))
                .setChildShardId(childShardId)
                .addAllChildReplicaIds(List.of(replicaIds)))
        .build();
  }

  /** The command as the n-th write of a session. */
  static Command inSession(Command command, long sessionId, long sequence, long acknowledged) {
    return command.toBuilder()
        .setSessionId(sessionId)
        .setSequence(sequence)
        .setAcknowledgedSequence(acknowledged)
        .build();
  }

  /** A session that began at a time. */
  static long session(long beganMillis, long random) {
    return (beganMillis << 22) | random;
  }
}
