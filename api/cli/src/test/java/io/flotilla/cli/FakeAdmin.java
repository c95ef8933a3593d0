package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.LeaderInfo;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import io.flotilla.client.NodeMode;
import io.flotilla.client.NodeStatus;
import io.flotilla.client.Outcome;
import io.flotilla.client.ReplicaChange;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ReplicaStatus.LogIndexes;
import io.flotilla.client.ReplicaStatus.Role;
import io.flotilla.client.ShardDescriptor;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.ShardList;
import io.flotilla.client.ShardLoad;
import io.flotilla.client.SplitKeys;
import io.flotilla.client.SplitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Shards as a list of ranges, each with replicas on nodes 1 to 3. */
final class FakeAdmin implements AdminClient {
  private static final long NODES = 3;
  final List<ShardDescriptor> shards = new ArrayList<>();
  final List<Long> leaders = new ArrayList<>();
  final Map<Long, NodeStatus.Health> health = new TreeMap<>();
  final List<Long> down = new ArrayList<>();
  final Map<Long, ReplicaInfo.Part> parts = new TreeMap<>();
  final List<List<ReplicaChange>> changes = new ArrayList<>();
  int refusalsLeft;

  FakeAdmin() {
    shards.add(new ShardDescriptor(1, KeyRange.ALL, 1, 1));
    shards.add(new ShardDescriptor(2, KeyRange.ALL, 1, 1));
    leaders.add(1L);
    leaders.add(1L);
    LongStream.rangeClosed(1, NODES).forEach(node -> parts.put(node, ReplicaInfo.Part.VOTER));
  }

  @Override
  public ShardInfo changeReplicas(long shardId, List<ReplicaChange> wanted) {
    boolean promotes = wanted.stream().anyMatch(c -> c.kind() == ReplicaChange.Kind.VOTER);
    if (promotes && refusalsLeft-- > 0) {
      throw new FlotillaException(
          ErrorCode.DEADLINE_EXCEEDED, Outcome.NOT_APPLIED, "not caught up", shardId, 0);
    }
    changes.add(List.copyOf(wanted));
    for (ReplicaChange change : wanted) {
      switch (change.kind()) {
        case VOTER -> parts.put(change.nodeId(), ReplicaInfo.Part.VOTER);
        case LEARNER -> parts.put(change.nodeId(), ReplicaInfo.Part.LEARNER);
        case REMOVE -> parts.remove(change.nodeId());
      }
    }
    return shard(shardId).orElseThrow();
  }

  @Override
  public void removeNode(long nodeId) {
    if (parts.containsKey(nodeId)) {
      throw new FlotillaException(
          ErrorCode.FAILED_PRECONDITION, Outcome.REJECTED, "node still has replicas", 0, 0);
    }
  }

  @Override
  public AdminClient withTimeout(Duration timeout) {
    return this;
  }

  @Override
  public ShardList listShards(boolean includeSystem) {
    return new ShardList(
        shards.stream()
            .filter(shard -> includeSystem || shard.shardId() != 1)
            .map(this::info)
            .toList(),
        List.copyOf(down));
  }

  @Override
  public Optional<ShardInfo> shard(long shardId) {
    return shards.stream().filter(shard -> shard.shardId() == shardId).findFirst().map(this::info);
  }

  @Override
  public SplitResult splitShard(Key key) {
    int at = shards.size() - 1;
    while (!shards.get(at).range().contains(key)) {
      at--;
    }
    ShardDescriptor parent = shards.get(at);
    if (parent.range().start().equals(Optional.of(key))) {
      throw new FlotillaException(
          ErrorCode.FAILED_PRECONDITION, Outcome.REJECTED, "it is a bound already", 0, 0);
    }
    ShardDescriptor left =
        new ShardDescriptor(
            parent.shardId(),
            new KeyRange(parent.range().start(), Optional.of(key)),
            1,
            parent.rangeVersion() + 1);
    ShardDescriptor right =
        new ShardDescriptor(
            shards.size() + 1, new KeyRange(Optional.of(key), parent.range().end()), 1, 1);
    shards.set(at, left);
    shards.add(at + 1, right);
    leaders.add(at + 1, leaders.get(at));
    return new SplitResult(left, right);
  }

  /** The shard has rows a to z and what is before them, all of one size. */
  @Override
  public SplitKeys splitKeys(long shardId, int parts) {
    KeyRange range = shard(shardId).orElseThrow().range();
    List<Key> cuts =
        IntStream.range(1, parts)
            .mapToObj(i -> Key.of(Character.toString('a' + 26 * i / parts)))
            .distinct()
            .filter(key -> range.contains(key) && !range.start().equals(Optional.of(key)))
            .toList();
    return new SplitKeys(cuts, 26L << 20);
  }

  @Override
  public LeaderInfo transferLeader(long shardId, long toNodeId) {
    for (int i = 0; i < shards.size(); i++) {
      if (shards.get(i).shardId() == shardId) {
        leaders.set(i, toNodeId);
        return new LeaderInfo(toNodeId, 8);
      }
    }
    throw new FlotillaException(
        ErrorCode.NOT_FOUND, Outcome.REJECTED, "there is no shard " + shardId, shardId, 0);
  }

  @Override
  public NodeList listNodes() {
    return new NodeList(
        "c0ffee",
        LongStream.rangeClosed(1, NODES)
            .mapToObj(
                id ->
                    new NodeInfo(
                        id,
                        "127.0.0.1:700" + id,
                        Map.of(),
                        NodeMode.ACTIVE,
                        down.contains(id) ? Optional.empty() : Optional.of(status(id)),
                        down.contains(id) ? "connection refused" : ""))
            .toList());
  }

  @Override
  public NodeStatus status(long nodeId) {
    return new NodeStatus(
        nodeId,
        "c0ffee",
        "127.0.0.1:700" + nodeId,
        "0.1.0",
        Duration.ofSeconds(3725),
        nodeId == 1,
        new NodeStatus.Counts(shards.size(), 1, 42),
        new NodeStatus.Bytes(50 << 20, 1 << 20, 1536, 0),
        health.getOrDefault(nodeId, new NodeStatus.Health(List.of(), 0, 0, "")),
        List.of());
  }

  private ShardInfo info(ShardDescriptor shard) {
    long leader = leaders.get(shards.indexOf(shard));
    List<ReplicaInfo> replicas =
        parts.entrySet().stream()
            .map(
                copy ->
                    new ReplicaInfo(
                        shard.shardId() * 10 + copy.getKey(),
                        copy.getKey(),
                        copy.getValue(),
                        down.contains(copy.getKey())
                            ? Optional.empty()
                            : Optional.of(replica(shard.shardId(), copy.getKey(), leader))))
            .toList();
    Optional<ShardLoad> load =
        shard.shardId() == 1 || down.contains(leader)
            ? Optional.empty()
            : Optional.of(new ShardLoad(OptionalLong.of(shard.shardId() << 20), 120.4, 3));
    return new ShardInfo(shard, leader, 7, replicas, load);
  }

  private ReplicaStatus replica(long shardId, long node, long leader) {
    boolean leads = node == leader;
    List<FollowerStatus> followers =
        parts.keySet().stream()
            .filter(other -> leads && other != node)
            .map(
                other ->
                    new FollowerStatus(shardId * 10 + other, other, 119, 121, "replicate", true))
            .toList();
    return new ReplicaStatus(
        shardId,
        shardId * 10 + node,
        leads ? Role.LEADER : Role.FOLLOWER,
        7,
        leader,
        new LogIndexes(6, 120, 120, 119, 118, 60),
        followers);
  }
}
