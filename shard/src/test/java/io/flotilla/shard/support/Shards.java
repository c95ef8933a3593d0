package io.flotilla.shard.support;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.List;
import java.util.stream.LongStream;

/** Shards for tests. Replica ids are shard id × 10 + node id, as in a bootstrap. */
public final class Shards {
  private Shards() {}

  /** A shard in its first epoch, with one voter on each of the nodes. */
  public static ShardDescriptor of(long shardId, KeyRange range, long... nodes) {
    List<ReplicaDescriptor> replicas =
        LongStream.of(nodes)
            .mapToObj(node -> ReplicaDescriptor.voter(shardId * 10 + node, node))
            .toList();
    return new ShardDescriptor(shardId, range, ShardEpoch.FIRST, replicas);
  }

  /** The range between two keys; an empty text is an open end. */
  public static KeyRange range(String start, String end) {
    return new KeyRange(Payload.utf8(start), Payload.utf8(end));
  }
}
