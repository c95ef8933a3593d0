package io.flotilla.shard;

import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Limits;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds replicas that their shards have gone on without (M6). Any thread.
 *
 * <p>A replica that hears from no leader may be cut off, or may have been removed while nobody
 * could tell it. Only the catalog decides: replica ids are never used twice, so a descriptor that
 * is newer than the replica's own, or as new, and does not name it, is proof (M5). The catalog is
 * told of a removal only when nobody needs the removed replica's vote any more, see {@link
 * MembershipChanges}.
 */
final class StaleReplicas {
  private final Function<Request, CompletableFuture<Reply>> cluster;
  private final Consumer<ShardDescriptor> onNews;
  private final SortedSet<Long> suspects = new TreeSet<>();
  private boolean asking;

  /**
   * A finder.
   *
   * @param onNews hears what the catalog says of a suspected shard
   */
  StaleReplicas(
      Function<Request, CompletableFuture<Reply>> cluster, Consumer<ShardDescriptor> onNews) {
    this.cluster = cluster;
    this.onNews = onNews;
  }

  /** The replica of this shard here may have been removed. */
  synchronized void suspect(long shardId) {
    if (suspects.size() < Limits.MAX_SHARD_IDS) {
      suspects.add(shardId);
    }
  }

  /** Asks about the suspects, unless a question is under way. */
  void ask() {
    List<Long> shards = take();
    if (shards.isEmpty()) {
      return;
    }
    Request question =
        Request.newBuilder()
            .setGetCatalog(GetCatalogRequest.newBuilder().addAllShardIds(shards))
            .build();
    var unused = cluster.apply(question).whenComplete((reply, failure) -> answered(reply));
  }

  private synchronized List<Long> take() {
    if (asking || suspects.isEmpty()) {
      return List.of();
    }
    asking = true;
    List<Long> taken = List.copyOf(suspects);
    suspects.clear();
    return taken;
  }

  private void answered(@Nullable Reply reply) {
    synchronized (this) {
      asking = false;
    }
    if (reply != null && reply.hasGetCatalog()) {
      for (Route route : reply.getGetCatalog().getRoutesList()) {
        onNews.accept(Descriptors.fromProto(route.getShard()));
      }
    }
  }

  /** Whether the descriptor proves that the replica is not part of its shard any more. */
  static boolean isProof(ShardDescriptor fromCatalog, ShardDescriptor own, long replicaId) {
    return fromCatalog.nodeOf(replicaId) == 0
        && fromCatalog.epoch().membershipVersion() >= own.epoch().membershipVersion();
  }
}
