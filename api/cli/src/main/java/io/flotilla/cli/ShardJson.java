package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.format.Encoding;
import io.flotilla.cli.format.JsonFields;
import io.flotilla.client.KeyRange;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ReplicaStatus.LogIndexes;
import io.flotilla.client.ShardDescriptor;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.ShardLoad;
import java.util.Locale;

/** Shards and replicas as JSON. Pure functions. */
final class ShardJson {
  private ShardJson() {}

  static ObjectNode shard(ShardInfo shard, Encoding encoding) {
    ObjectNode object = descriptor(shard.descriptor(), encoding);
    object.put("leader_node_id", shard.leaderNodeId()).put("leader_term", shard.leaderTerm());
    shard.load().ifPresent(load -> fill(object, load));
    ArrayNode replicas = object.putArray("replicas");
    shard.replicas().forEach(replica -> replicas.add(replica(replica)));
    return object;
  }

  private static void fill(ObjectNode object, ShardLoad load) {
    load.bytes().ifPresent(bytes -> object.put("bytes", bytes));
    object
        .put("reads_per_second", load.readsPerSecond())
        .put("writes_per_second", load.writesPerSecond());
  }

  /** The range has no {@code start} or {@code end} where it is not bounded. */
  static ObjectNode descriptor(ShardDescriptor descriptor, Encoding encoding) {
    ObjectNode object = OutputOptions.object().put("shard_id", descriptor.shardId());
    KeyRange range = descriptor.range();
    range.start().ifPresent(key -> JsonFields.put(object, encoding, "start", Arguments.bytes(key)));
    range.end().ifPresent(key -> JsonFields.put(object, encoding, "end", Arguments.bytes(key)));
    return object
        .put("membership_version", descriptor.membershipVersion())
        .put("range_version", descriptor.rangeVersion());
  }

  private static ObjectNode replica(ReplicaInfo replica) {
    ObjectNode object =
        OutputOptions.object()
            .put("replica_id", replica.replicaId())
            .put("node_id", replica.nodeId())
            .put("voter", replica.voter())
            .put("part", replica.part().name().toLowerCase(Locale.ROOT))
            .put("reachable", replica.status().isPresent());
    replica.status().ifPresent(status -> fill(object, status));
    return object;
  }

  private static void fill(ObjectNode object, ReplicaStatus status) {
    LogIndexes log = status.log();
    object
        .put("role", status.role().name().toLowerCase(Locale.ROOT))
        .put("term", status.term())
        .put("leader_node_id", status.leaderNodeId())
        .put("first_index", log.first())
        .put("last_index", log.last())
        .put("persisted_index", log.persisted())
        .put("commit_index", log.commit())
        .put("applied_index", log.applied())
        .put("flushed_index", log.flushed());
    if (!status.followers().isEmpty()) {
      ArrayNode followers = object.putArray("followers");
      status.followers().forEach(follower -> followers.add(follower(follower)));
    }
  }

  private static ObjectNode follower(FollowerStatus follower) {
    return OutputOptions.object()
        .put("replica_id", follower.replicaId())
        .put("node_id", follower.nodeId())
        .put("match_index", follower.matchIndex())
        .put("next_index", follower.nextIndex())
        .put("state", follower.state())
        .put("recently_active", follower.recentlyActive());
  }
}
