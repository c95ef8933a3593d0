package io.flotilla.shard;

import io.flotilla.contract.v1.Operation;
import io.flotilla.raft.RaftStatus;
import io.flotilla.raft.Role;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.kv.Boundaries;
import io.flotilla.shard.kv.KvStateMachine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at every replica on its own loop, some at a time, so that a node with thousands of them
 * goes on meanwhile.
 */
final class StatsSweep {
  /** Entries that a replica may lack and still count as caught up: what may be under way. */
  static final long CAUGHT_UP_ENTRIES = 1_000;

  private static final int REPLICAS_AT_ONCE = 256;

  private StatsSweep() {}

  /** Begins; completes on one of the loops. */
  static CompletableFuture<HostStats> of(List<ShardLoop> loops) {
    List<CompletableFuture<Found>> asked = new ArrayList<>();
    for (ShardLoop loop : loops) {
      Found found = new Found();
      CompletableFuture<Found> answer = new CompletableFuture<>();
      loop.enqueue(() -> look(loop, -1, found, answer));
      asked.add(answer);
    }
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(done -> together(asked.stream().map(CompletableFuture::join).toList(), loops));
  }

  /** Confined to its loop until it is answered. */
  private static final class Found {
    final List<ReplicaStats> replicas = new ArrayList<>();
    List<HostStats.Operations> operations = List.of();
  }

  private static HostStats together(List<Found> found, List<ShardLoop> loops) {
    return new HostStats(
        found.stream()
            .flatMap(one -> one.replicas.stream())
            .sorted(Comparator.comparingLong(ReplicaStats::shardId))
            .toList(),
        loops.stream().map(ShardLoop::waiting).toList(),
        found.stream().flatMap(one -> one.operations.stream()).toList());
  }

  private static void look(
      ShardLoop loop, long afterShard, Found found, CompletableFuture<Found> answer) {
    long last = afterShard;
    int seen = 0;
    for (Replica replica : loop.replicasAfter(afterShard, REPLICAS_AT_ONCE)) {
      found.replicas.add(describe(replica));
      if (replica.isLeader() && replica.machine() instanceof CatalogStateMachine catalog) {
        found.operations = count(catalog.operations());
      }
      last = replica.shardId();
      seen++;
    }
    long next = last;
    if (seen < REPLICAS_AT_ONCE) {
      answer.complete(found);
    } else {
      loop.enqueue(() -> look(loop, next, found, answer));
    }
  }

  private static List<HostStats.Operations> count(List<Operation> operations) {
    Map<String, HostStats.Operations> counts = new TreeMap<>();
    for (Operation operation : operations) {
      counts.merge(
          operation.getCause() + " " + operation.getState(),
          new HostStats.Operations(operation.getCause(), operation.getState(), 1),
          (a, b) -> new HostStats.Operations(a.cause(), a.state(), a.count() + b.count()));
    }
    return List.copyOf(counts.values());
  }

  private static ReplicaStats describe(Replica replica) {
    RaftStatus raft = replica.node().status();
    return new ReplicaStats(
        replica.shardId(),
        replica.key().replicaId(),
        replica.descriptor().isSystem(),
        health(replica, raft),
        new ReplicaStats.Log(
            raft.firstIndex(),
            raft.lastIndex(),
            raft.commitIndex(),
            raft.appliedIndex(),
            replica.loop().flusher().flushedIndex(replica),
            farthestBehind(raft)),
        load(replica));
  }

  private static ReplicaStats.Health health(Replica replica, RaftStatus raft) {
    boolean leads = replica.isLeader();
    boolean knowsLeader = leads || (!replica.isStopped() && raft.leaderId() != 0);
    boolean caughtUp =
        !replica.isStopped()
            && !replica.isInstalling()
            && raft.commitIndex() - raft.appliedIndex() <= CAUGHT_UP_ENTRIES;
    return new ReplicaStats.Health(
        raft.role(),
        raft.term(),
        replica.isStopped(),
        raft.membership().isVoter(raft.replicaId()),
        knowsLeader,
        caughtUp,
        leads && isDegraded(raft));
  }

  /** Whether a voter that this leader counts on is silent, or could not take over soon. */
  static boolean isDegraded(RaftStatus raft) {
    return raft.role() == Role.LEADER
        && raft.followers().stream()
            .filter(follower -> !follower.learner())
            .anyMatch(
                follower ->
                    !follower.recentlyActive()
                        || follower.state() != RaftStatus.FollowerState.REPLICATE
                        || raft.lastIndex() - follower.matchIndex() > CAUGHT_UP_ENTRIES);
  }

  private static long farthestBehind(RaftStatus raft) {
    return raft.followers().stream()
        .filter(follower -> !follower.learner())
        .mapToLong(follower -> raft.lastIndex() - follower.matchIndex())
        .max()
        .orElse(0);
  }

  private static ReplicaStats.Load load(Replica replica) {
    if (replica.isStopped()) {
      return new ReplicaStats.Load(0, 0, 0, 0, 0);
    }
    LoadMeter load = replica.meter().load();
    return new ReplicaStats.Load(
        replica.meter().size().measured().map(Boundaries::bytes).orElse(0L),
        load.readsPerSecond(),
        load.writesPerSecond(),
        replica.rows().dirtyBytes(),
        replica.machine() instanceof KvStateMachine keys ? keys.sessions() : 0);
  }
}
