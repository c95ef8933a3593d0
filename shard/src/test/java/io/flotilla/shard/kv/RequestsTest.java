package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.session;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Condition;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.SettleWriteRequest;
import io.flotilla.contract.v1.SplitShardRequest;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.internal.v1.Command;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final long NOW = 1_000_000;

  private static ByteString bytes(int length) {
    return ByteString.copyFrom(new byte[length]);
  }

  private static Request get(int keyBytes) {
    return Request.newBuilder().setGet(GetRequest.newBuilder().setKey(bytes(keyBytes))).build();
  }

  private static Request put(int keyBytes, int valueBytes) {
    return Request.newBuilder()
        .setPut(PutRequest.newBuilder().setKey(bytes(keyBytes)).setValue(bytes(valueBytes)))
        .build();
  }

  private static Request scan(ByteString start, ByteString end) {
    return Request.newBuilder()
        .setScan(
            ScanRequest.newBuilder().setRange(KeyRange.newBuilder().setStart(start).setEnd(end)))
        .build();
  }

  private static Mutation putting(int keyBytes, int valueBytes) {
    return Mutation.newBuilder().setKey(bytes(keyBytes)).setPut(bytes(valueBytes)).build();
  }

  private static Request batch(List<Mutation> mutations, int conditions) {
    return Request.newBuilder()
        .setBatch(
            BatchRequest.newBuilder()
                .addAllMutations(mutations)
                .addAllConditions(
                    Collections.nCopies(
                        conditions, Condition.newBuilder().setKey(bytes(1)).build())))
        .build();
  }

  private static Request with(Context.Builder context) {
    return get(1).toBuilder().setContext(context).build();
  }

  private static void good(Request request) {
    assertThat(Requests.fault(request, NOW)).isEmpty();
  }

  private static void bad(Request request, String... words) {
    String fault = Requests.fault(request, NOW).orElse("");
    assertThat(fault).isNotEmpty();
    assertThat(words).allSatisfy(word -> assertThat(fault).contains(word));
  }

  @Test
  void keyHasOneTo480Bytes() {
    bad(get(0), "key");
    good(get(1));
    good(get(Limits.MAX_KEY_BYTES));
    bad(get(Limits.MAX_KEY_BYTES + 1), "481", "480");
    bad(put(0, 1));
    bad(put(Limits.MAX_KEY_BYTES + 1, 1));
    bad(Request.newBuilder().setDelete(DeleteRequest.getDefaultInstance()).build());
    bad(Request.newBuilder().setSplitShard(SplitShardRequest.getDefaultInstance()).build());
    bad(Request.newBuilder().setCompareAndSet(CompareAndSetRequest.getDefaultInstance()).build());
  }

  @Test
  void valueHasUpToOneMib() {
    good(put(1, 0));
    good(put(1, Limits.MAX_VALUE_BYTES));
    bad(put(1, Limits.MAX_VALUE_BYTES + 1), "1048577", "1048576");
    bad(
        Request.newBuilder()
            .setCompareAndSet(
                CompareAndSetRequest.newBuilder()
                    .setKey(bytes(1))
                    .setValue(bytes(Limits.MAX_VALUE_BYTES + 1)))
            .build());
  }

  @Test
  void multiGetHasOneTo1000Keys() {
    MultiGetRequest.Builder keys = MultiGetRequest.newBuilder();
    bad(Request.newBuilder().setMultiGet(keys).build(), "0", "1000");
    keys.addAllKeys(Collections.nCopies(Limits.MAX_MULTI_GET_KEYS, bytes(1)));
    good(Request.newBuilder().setMultiGet(keys).build());
    keys.setKeys(500, bytes(0));
    bad(Request.newBuilder().setMultiGet(keys).build());
    keys.setKeys(500, bytes(1)).addKeys(bytes(1));
    bad(Request.newBuilder().setMultiGet(keys).build(), "1001");
  }

  @Test
  void batchHasUpTo128OperationsAndOneMutation() {
    bad(batch(List.of(), 0));
    bad(batch(List.of(), 1), "mutation");
    good(batch(List.of(putting(1, 1)), 0));
    good(batch(Collections.nCopies(Limits.MAX_BATCH_OPERATIONS, putting(1, 1)), 0));
    good(batch(List.of(putting(1, 1)), Limits.MAX_BATCH_OPERATIONS - 1));
    bad(batch(Collections.nCopies(Limits.MAX_BATCH_OPERATIONS + 1, putting(1, 1)), 0), "129");
    bad(batch(List.of(putting(1, 1)), Limits.MAX_BATCH_OPERATIONS), "129");
  }

  @Test
  void batchHasUpToTwoMib() {
    int half = Limits.MAX_VALUE_BYTES - 1;
    good(batch(List.of(putting(1, half), putting(1, half)), 0));
    bad(batch(List.of(putting(1, half), putting(2, half)), 0), "2097153");
  }

  @Test
  void operationsOfABatchAreHeldToTheBoundsToo() {
    bad(batch(List.of(putting(0, 1)), 0));
    bad(batch(List.of(putting(1, 1), putting(1, Limits.MAX_VALUE_BYTES + 1)), 0));
    bad(batch(List.of(Mutation.newBuilder().setKey(bytes(1)).build()), 0), "neither");
    Request condition =
        Request.newBuilder()
            .setBatch(
                BatchRequest.newBuilder()
                    .addMutations(putting(1, 1))
                    .addConditions(Condition.getDefaultInstance()))
            .build();
    bad(condition);
  }

  @Test
  void scanHasARangeThatIsNotEmpty() {
    good(Request.newBuilder().setScan(ScanRequest.getDefaultInstance()).build());
    good(scan(utf8("a"), utf8("b")));
    good(scan(utf8("a"), ByteString.EMPTY));
    bad(scan(utf8("a"), utf8("a")), "empty");
    bad(scan(utf8("b"), utf8("a")), "empty");
    good(scan(utf8("a"), ByteString.copyFrom(new byte[] {(byte) 0xff})));
    bad(Request.newBuilder().setScan(ScanRequest.newBuilder().setLimit(-1)).build(), "limit");
  }

  @Test
  void boundOfAScanMayBeTheSuccessorOfTheLongestKey() {
    good(scan(bytes(Limits.MAX_KEY_BYTES + 1), ByteString.EMPTY));
    bad(scan(bytes(Limits.MAX_KEY_BYTES + 2), ByteString.EMPTY), "481");
    good(scan(ByteString.EMPTY, bytes(Limits.MAX_KEY_BYTES + 1)));
    bad(scan(ByteString.EMPTY, bytes(Limits.MAX_KEY_BYTES + 2)), "481");
  }

  @Test
  void timesToLiveAreUpToTenYears() {
    for (long ttl : new long[] {0, 1, Limits.MAX_TTL_MILLIS}) {
      good(putFor(ttl));
    }
    for (long ttl : new long[] {-1, Limits.MAX_TTL_MILLIS + 1}) {
      bad(putFor(ttl), "ttl_millis is " + Long.toUnsignedString(ttl));
    }
    Mutation deletion =
        Mutation.newBuilder().setKey(bytes(1)).setDelete(true).setTtlMillis(1).build();
    bad(batch(List.of(deletion), 0), "ttl_millis");
  }

  private static Request putFor(long ttlMillis) {
    PutRequest put = PutRequest.newBuilder().setKey(bytes(1)).setTtlMillis(ttlMillis).build();
    return Request.newBuilder().setPut(put).build();
  }

  @Test
  void rangesToBeDeletedAreHeldToTheBoundsOfScans() {
    good(deleteRange(ByteString.EMPTY, ByteString.EMPTY, 0));
    good(deleteRange(bytes(Limits.MAX_KEY_BYTES + 1), ByteString.EMPTY, 2_000));
    bad(deleteRange(bytes(Limits.MAX_KEY_BYTES + 2), ByteString.EMPTY, 0), "481");
    bad(deleteRange(utf8("a"), utf8("a"), 0), "empty");
    bad(deleteRange(utf8("a"), utf8("b"), -1), "limit");
  }

  @Test
  void whoSettlesAWriteNamesItsSessionAndAKeyOrTheStartOfARange() {
    Context.Builder context = Context.newBuilder().setSessionId(7).setSequence(8);
    for (int size : new int[] {0, 1, Limits.MAX_KEY_BYTES + 1}) {
      good(settle(bytes(size)).setContext(context).build());
    }
    bad(settle(bytes(Limits.MAX_KEY_BYTES + 2)).setContext(context).build(), "481");
    bad(settle(utf8("k")).build(), "session_id and sequence");
  }

  private static Request deleteRange(ByteString start, ByteString end, int limit) {
    return Request.newBuilder()
        .setDeleteRange(
            DeleteRangeRequest.newBuilder()
                .setRange(KeyRange.newBuilder().setStart(start).setEnd(end))
                .setLimit(limit))
        .build();
  }

  private static Request.Builder settle(ByteString key) {
    return Request.newBuilder().setSettleWrite(SettleWriteRequest.newBuilder().setKey(key));
  }

  @Test
  void timeoutIsUpToAMinute() {
    good(with(Context.newBuilder().setTimeoutMillis(Limits.MAX_TIMEOUT_MILLIS)));
    bad(with(Context.newBuilder().setTimeoutMillis(Limits.MAX_TIMEOUT_MILLIS + 1)), "60001");
    bad(with(Context.newBuilder().setTimeoutMillis(-1)), "4294967295");
  }

  @Test
  void sessionAndSequenceGoTogether() {
    good(with(Context.newBuilder().setSessionId(session(NOW, 3)).setSequence(1)));
    bad(with(Context.newBuilder().setSessionId(session(NOW, 3))), "sequence");
    bad(with(Context.newBuilder().setSequence(1)), "session_id");
  }

  @Test
  void sessionBeginsAtMostFiveMinutesAhead() {
    long latest = NOW + Limits.MAX_SESSION_AHEAD_MILLIS;

    good(with(Context.newBuilder().setSessionId(session(latest, 3)).setSequence(1)));
    bad(
        with(Context.newBuilder().setSessionId(session(latest + 1, 3)).setSequence(1)),
        "300001",
        "300000");
    bad(with(Context.newBuilder().setSessionId(-1).setSequence(1)), "clock");
  }

  @Test
  void whatHasNoKeyHasNoBound() {
    good(Request.newBuilder().setNodeStatus(NodeStatusRequest.getDefaultInstance()).build());
    good(Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build());
    good(
        Request.newBuilder().setTransferLeader(TransferLeaderRequest.getDefaultInstance()).build());
    bad(Request.getDefaultInstance(), "operation");
  }

  @Test
  void commandLeavesTheContextOfTheCallOutside() {
    Context context =
        Context.newBuilder()
            .setSessionId(7)
            .setSequence(8)
            .setAcknowledgedSequence(5)
            .setTimeoutMillis(99)
            .build();
    PutRequest put = PutRequest.newBuilder().setKey(utf8("k")).setValue(utf8("v")).build();
    Request request =
        Request.newBuilder()
            .setContext(context)
            .setPut(put.toBuilder().setContext(context))
            .build();

    assertThat(Requests.toCommand(request))
        .isEqualTo(
            Command.newBuilder()
                .setSessionId(7)
                .setSequence(8)
                .setAcknowledgedSequence(5)
                .setPut(put)
                .build());
  }

  @Test
  void everyWriteBecomesACommandAndNothingElseDoes() {
    DeleteRequest delete = DeleteRequest.newBuilder().setKey(utf8("k")).build();
    CompareAndSetRequest swap = CompareAndSetRequest.newBuilder().setKey(utf8("k")).build();
    BatchRequest batch = BatchRequest.newBuilder().addMutations(putting(1, 1)).build();
    CatalogUpdateRequest update = CatalogUpdateRequest.newBuilder().setAllocateIds(3).build();

    assertThat(Requests.toCommand(Request.newBuilder().setDelete(delete).build()).getDelete())
        .isEqualTo(delete);
    assertThat(
            Requests.toCommand(Request.newBuilder().setCompareAndSet(swap).build())
                .getCompareAndSet())
        .isEqualTo(swap);
    assertThat(Requests.toCommand(Request.newBuilder().setBatch(batch).build()).getBatch())
        .isEqualTo(batch);
    assertThat(
            Requests.toCommand(Request.newBuilder().setCatalogUpdate(update).build())
                .getCatalogUpdate())
        .isEqualTo(update);
    assertThatThrownBy(() -> Requests.toCommand(get(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Requests.isWrite(put(1, 1))).isTrue();
    assertThat(Requests.isWrite(get(1))).isFalse();
    IncrementRequest increment = IncrementRequest.newBuilder().setKey(utf8("k")).build();
    assertThat(
            Requests.toCommand(
                    Request.newBuilder()
                        .setIncrement(
                            increment.toBuilder().setContext(Context.newBuilder().setSequence(3)))
                        .build())
                .getIncrement())
        .isEqualTo(increment);
    Request range = deleteRange(utf8("a"), utf8("b"), 9);
    assertThat(Requests.toCommand(range).getDeleteRange()).isEqualTo(range.getDeleteRange());
    Request settle = settle(utf8("k")).build();
    assertThat(Requests.toCommand(settle).getSettleWrite()).isEqualTo(settle.getSettleWrite());
    assertThat(Requests.isWrite(settle)).isTrue();
  }
}
