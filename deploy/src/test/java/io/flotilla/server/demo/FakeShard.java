package io.flotilla.server.demo;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ReplicaStatus.Role;
import io.flotilla.client.ShardDescriptor;
import io.flotilla.client.ShardInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A shard that is told what happens to it. */
final class FakeShard {
  final long id;
  KeyRange range;
  long leader;
  long term = 1;
  long last = 1;

  /** Last index in the log of each node. */
  final Map<Long, Long> logs = new TreeMap<>();

  FakeShard(long id, KeyRange range, long leader) {
    this.id = id;
    this.range = range;
    this.leader = leader;
  }

  /** The part from the key on becomes a new shard. */
  FakeShard split(Key key, long newId) {
    FakeShard right = new FakeShard(newId, new KeyRange(Optional.of(key), range.end()), leader);
    range = new KeyRange(range.start(), Optional.of(key));
    right.logs.putAll(Map.of(1L, 1L, 2L, 1L, 3L, 1L));
    return right;
  }

  void lead(long node) {
    leader = node;
    term++;
    last++;
  }

  /** Entries go to nodes that run; one that was away gets some at each look. */
  void replicate(Set<Long> running, long step) {
    for (long node = 1; node <= 3; node++) {
      long has = logs.getOrDefault(node, 0L);
      if (running.contains(node)) {
        logs.put(node, node == leader ? last : Math.min(last, has + step));
      }
    }
  }

  ShardDescriptor descriptor() {
    return new ShardDescriptor(id, range, 1, 1);
  }

  ShardInfo info(Set<Long> running) {
    List<ReplicaInfo> replicas =
        logs.keySet().stream()
            .map(
                node ->
                    new ReplicaInfo(
                        10 * id + node, node, ReplicaInfo.Part.VOTER, status(node, running)))
            .toList();
    return new ShardInfo(descriptor(), leader, term, replicas, Optional.empty());
  }

  private Optional<ReplicaStatus> status(long node, Set<Long> running) {
    if (!running.contains(node)) {
      return Optional.empty();
    }
    long index = logs.getOrDefault(node, 0L);
    return Optional.of(
        new ReplicaStatus(
            id,
            10 * id + node,
            node == leader ? Role.LEADER : Role.FOLLOWER,
            term,
            leader,
            new ReplicaStatus.LogIndexes(1, index, index, index, index, 0),
            List.of()));
  }
}
