package io.flotilla.sim.invariants;

import io.flotilla.raft.Membership;
import io.flotilla.storage.ReplicaKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The logs on all disks, also on those of nodes that are down. */
final class Disks {
  private record Grave(int place, long shardId) {}

  private final Map<Grave, Long> tombstones = new HashMap<>();
  private final Map<ReplicaKey, DurableLog> logs = new HashMap<>();
  private final Map<ReplicaKey, DurableLog> lost = new HashMap<>();

  /** A node has a tombstone: no replica of the shard with this or a lower id comes back. */
  void buries(int place, long shardId, long replicaId) {
    tombstones.put(new Grave(place, shardId), replicaId);
  }

  boolean isBuried(int place, ReplicaKey key) {
    return key.replicaId() <= tombstones.getOrDefault(new Grave(place, key.shardId()), 0L);
  }

  @Nullable DurableLog log(ReplicaKey key) {
    return logs.get(key);
  }

  @Nullable DurableLog log(long shardId, long replicaId) {
    return logs.get(new ReplicaKey(shardId, replicaId));
  }

  DurableLog at(ReplicaKey key, int place) {
    return logs.computeIfAbsent(key, fresh -> new DurableLog(fresh, place));
  }

  void removed(ReplicaKey key) {
    logs.remove(key);
  }

  Set<ReplicaKey> on(int place) {
    Set<ReplicaKey> keys = new TreeSet<>();
    logs.values().stream().filter(log -> log.place == place).forEach(log -> keys.add(log.key));
    return keys;
  }

  /** The disk is another one, or was set back: what it held is not on it any more. */
  void lose(int place) {
    Set<ReplicaKey> there = on(place);
    tombstones.keySet().removeIf(grave -> grave.place == place);
    there.forEach(key -> lost.put(key, logs.remove(key)));
  }

  boolean isLost(long shardId, long replicaId) {
    return lost.containsKey(new ReplicaKey(shardId, replicaId));
  }

  /**
   * Whether majorities have the entry on disk, of both halves while the membership is joint. A disk
   * that was lost counts with what it held: nobody could know.
   */
  boolean isOnQuorum(long shardId, Membership membership, long index, long term) {
    return isOnMajority(shardId, membership.voters(), index, term)
        && (!membership.isJoint() || isOnMajority(shardId, membership.outgoing(), index, term));
  }

  private boolean isOnMajority(long shardId, SortedSet<Long> voters, long index, long term) {
    return holders(shardId, voters, index, term) > voters.size() / 2;
  }

  /**
   * Whether each majority has a disk with the entry, so that nobody can be elected without it. That
   * is enough for what was committed before the membership changed.
   */
  boolean isInEachQuorum(long shardId, Membership membership, long index, long term) {
    return isInEachMajority(shardId, membership.voters(), index, term)
        || (membership.isJoint() && isInEachMajority(shardId, membership.outgoing(), index, term));
  }

  private boolean isInEachMajority(long shardId, SortedSet<Long> voters, long index, long term) {
    int without = voters.size() - holders(shardId, voters, index, term);
    return without < voters.size() / 2 + 1;
  }

  private int holders(long shardId, SortedSet<Long> voters, long index, long term) {
    int holders = 0;
    for (long id : voters) {
      ReplicaKey key = new ReplicaKey(shardId, id);
      if (covers(logs.get(key), index, term) || covers(lost.get(key), index, term)) {
        holders++;
      }
    }
    return holders;
  }

  private static boolean covers(@Nullable DurableLog log, long index, long term) {
    return log != null && log.covers(index, term);
  }

  /** A disk that has the entry and can be read there; of those of one shard. */
  @Nullable DurableLog holder(long shardId, Membership membership, long index, long term) {
    for (long id : membership.all()) {
      DurableLog log = log(shardId, id);
      if (log != null && log.term(index) == term && index >= log.firstIndex()) {
        return log;
      }
    }
    return null;
  }
}
