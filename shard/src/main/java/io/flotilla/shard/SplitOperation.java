package io.flotilla.shard;

import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.Split;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A split, as its leader drives it. Confined to the loop.
 *
 * <ol>
 *   <li>Check that this replica leads and the key lies inside its range.
 *   <li>Ask the catalog for a shard id and one replica id per replica. They are used for nothing
 *       else, whatever becomes of this split.
 *   <li>Check again, and propose the split with the epoch it was decided on.
 *   <li>Apply, on every replica alike: refused if the epoch is another by then.
 * </ol>
 *
 * <p>Nothing is undone when a step fails: until the entry is committed nothing has happened.
 */
final class SplitOperation {
  private final Replica replica;
  private final Call call;
  private final Function<Request, CompletableFuture<Reply>> cluster;

  SplitOperation(Replica replica, Call call, Function<Request, CompletableFuture<Reply>> cluster) {
    this.replica = replica;
    this.call = call;
    this.cluster = cluster;
  }

  void start() {
    if (!mayGoOn()) {
      return;
    }
    int replicas = replica.descriptor().replicas().size();
    Request request =
        Request.newBuilder()
            .setCatalogUpdate(CatalogUpdateRequest.newBuilder().setAllocateIds(1 + replicas))
            .build();
    var unused =
        cluster
            .apply(request)
            .whenComplete(
                (reply, failure) ->
                    replica.loop().enqueue(() -> idsAllocated(replicas, reply, failure)));
  }

  private boolean mayGoOn() {
    ShardDescriptor shard = replica.descriptor();
    Payload key = Descriptors.payload(call.request().getSplitShard().getKey());
    if (replica.isStopped() || !replica.node().isLeader()) {
      call.reply(replica.notLeader());
      return false;
    }
    if (replica.changes().isUnderWay()) {
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE,
              "the replicas of shard " + shard.shardId() + " are being changed: try again"));
      return false;
    }
    if (!shard.range().contains(key)) {
      call.reply(Failures.staleRoute(shard.shardId(), List.of(replica.route())));
      return false;
    }
    if (!shard.range().canSplitAt(key)) {
      call.reply(
          Failures.rejected(
              ErrorCode.ERROR_CODE_FAILED_PRECONDITION,
              "the key is the first of shard "
                  + shard.shardId()
                  + " already: there is nothing to split"));
      return false;
    }
    Optional<Reply> noRoom = replica.callers().capacity().refusal(call.request());
    noRoom.ifPresent(call::reply);
    return noRoom.isEmpty();
  }

  private void idsAllocated(int replicas, @Nullable Reply reply, @Nullable Throwable failure) {
    if (reply == null || reply.hasError()) {
      String reason = reply == null ? String.valueOf(failure) : reply.getError().getMessage();
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE, "no ids for the new shard: " + reason));
      return;
    }
    if (!mayGoOn()) {
      return;
    }
    ShardDescriptor shard = replica.descriptor();
    if (shard.replicas().size() != replicas) {
      // A replica more would take an id that belongs to somebody else.
      call.reply(MembershipChanges.otherChangeFirst(replica));
      return;
    }
    long firstId = reply.getCatalogUpdate().getId();
    Split.Builder split =
        Split.newBuilder()
            .setKey(call.request().getSplitShard().getKey())
            .setChildShardId(firstId)
            .setExpectedEpoch(Descriptors.toProto(shard.epoch()));
    LongStream.rangeClosed(1, shard.replicas().size())
        .forEach(i -> split.addChildReplicaIds(firstId + i));
    replica.callers().proposeAlone(Command.newBuilder().setSplit(split).build(), call);
  }
}
