package io.flotilla.router;

import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.AsOf;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Reads keys of many shards: one call to each, answers in the order of the keys. */
final class MultiGetCall {
  /** How often a part may fall apart because its shard split meanwhile. */
  private static final int MAX_REGROUPS = 64;

  /** Keys asked for at once: if each value is as large as can be, the reply still fits a frame. */
  static final int MAX_KEYS_OF_PART = 32;

  /** Bytes of one answer, at most. */
  static final long MAX_BYTES = 32L << 20;

  private static final long NO_SHARD = 0;

  private final Dispatcher dispatcher;
  private final Request original;
  private final CallTerms terms;
  private final List<ByteString> keys;
  private final AtomicReferenceArray<GetReply> values;
  private final Queue<AsOf> asOf = new ConcurrentLinkedQueue<>();
  private final AtomicInteger openParts = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger regroups = new AtomicInteger();
  private final CompletableFuture<Reply> result = new CompletableFuture<>();

  MultiGetCall(Dispatcher dispatcher, Request original, CallTerms terms) {
    this.dispatcher = dispatcher;
    this.original = original;
    this.terms = terms;
    this.keys = original.getMultiGet().getKeysList();
    this.values = new AtomicReferenceArray<>(keys.size());
  }

  CompletableFuture<Reply> start() {
    List<Integer> all = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      all.add(i);
    }
    openParts.set(1);
    read(all);
    partDone();
    return result;
  }

  private void read(List<Integer> indexes) {
    RouteMap routes = dispatcher.routes().table().snapshot();
    Map<Long, List<Integer>> shards = new TreeMap<>();
    for (int index : indexes) {
      Route route = routes.lookup(keys.get(index));
      long shard = route == null ? NO_SHARD : RouteMap.id(route);
      shards.computeIfAbsent(shard, id -> new ArrayList<>()).add(index);
    }
    List<List<Integer>> parts = new ArrayList<>();
    for (List<Integer> ofShard : shards.values()) {
      parts.addAll(Lists.partition(ofShard, MAX_KEYS_OF_PART));
    }
    openParts.addAndGet(parts.size());
    parts.forEach(this::readPart);
  }

  private void readPart(List<Integer> indexes) {
    List<ByteString> wanted = indexes.stream().map(keys::get).toList();
    Request part =
        original.toBuilder().setMultiGet(MultiGetRequest.newBuilder().addAllKeys(wanted)).build();
    var unused =
        dispatcher
            .start(new Plan.OfKeys(part, wanted), part, terms)
            .thenAccept(reply -> partRead(indexes, reply));
  }

  private void partRead(List<Integer> indexes, Reply reply) {
    boolean apart =
        reply.getError().getCode() == ErrorCode.ERROR_CODE_CROSSES_SHARDS
            && regroups.incrementAndGet() <= MAX_REGROUPS;
    if (apart) {
      read(indexes);
    } else if (reply.hasError()) {
      result.complete(reply);
    } else if (reply.getMultiGet().getValuesCount() != indexes.size()) {
      result.complete(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_INTERNAL, "a multi-get was answered for other keys"));
    } else if (bytes.addAndGet(reply.getMultiGet().getSerializedSize()) > MAX_BYTES) {
      result.complete(
          Failures.rejected(
              ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
              "the values have more than " + MAX_BYTES + " bytes together: ask for fewer keys"));
    } else {
      asOf.addAll(reply.getMultiGet().getAsOfList());
      for (int i = 0; i < indexes.size(); i++) {
        values.set(indexes.get(i), reply.getMultiGet().getValues(i));
      }
    }
    partDone();
  }

  private void partDone() {
    if (openParts.decrementAndGet() > 0 || result.isDone()) {
      return;
    }
    MultiGetReply.Builder all = MultiGetReply.newBuilder();
    for (int i = 0; i < keys.size(); i++) {
      all.addValues(values.get(i));
    }
    asOf.stream().sorted(Comparator.comparingLong(AsOf::getShardId)).forEach(all::addAsOf);
    result.complete(Reply.newBuilder().setMultiGet(all).build());
  }
}
