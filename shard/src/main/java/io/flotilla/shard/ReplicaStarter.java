package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.kv.KvStateMachine;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.InstallSpec;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.StateStore;
import io.flotilla.storage.StoreFullException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings replicas to life from what is on disk: after a start, a bootstrap, a split or a snapshot,
 * always the same way. So a crash at any point between is nothing special.
 */
final class ReplicaStarter {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaStarter.class);

  private final HostParts parts;
  private final ShardHost host;
  private final SplittableRandom random;
  private final Queue<InstallSpec> waitingForRoom = new ConcurrentLinkedQueue<>();

  ReplicaStarter(HostParts parts, ShardHost host) {
    this.parts = parts;
    this.host = host;
    this.random = new SplittableRandom(parts.random().nextLong());
  }

  /** First rows of a new cluster. All nodes of the bootstrap write the same ones. */
  CompletableFuture<Void> bootstrap(
      List<NodeInfo> nodes, List<ShardDescriptor> shards, PlacementRules rules) {
    StateStore state = parts.store().state();
    FlushBatch flush = new FlushBatch();
    for (ShardDescriptor shard : shards) {
      if (shard.replicaOn(parts.nodeId()).isEmpty()) {
        continue;
      }
      NewReplica replica = NewReplica.ofBootstrap(shard, parts.nodeId());
      if (shard.isSystem()) {
        ReplicaState rows = state.open(replica.key());
        CatalogStateMachine.seed(rows, nodes, shards, rules);
        flush.add(rows.freeze());
      }
      flush.putMeta(
          KeySpace.replicaRow(replica.key().shardId(), replica.key().replicaId()), replica.row());
    }
    CompletableFuture<Void> durable = new CompletableFuture<>();
    state.flush(flush, () -> durable.complete(null));
    return durable;
  }

  /** Starts all replicas on disk; installs that a crash cut off are finished first. */
  void startAll() {
    List<InstallSpec> unfinished = parts.store().state().unfinishedInstalls();
    Set<ReplicaKey> installing = new HashSet<>();
    Set<String> needed = new HashSet<>();
    for (InstallSpec spec : unfinished) {
      installing.add(spec.replica());
      needed.add(spec.file());
    }
    host.snapshotReceiver().recover(needed);
    Map<ReplicaKey, ReplicaRow> rows = onDisk();
    rows.values().forEach(row -> host.ranges().holds(Descriptors.fromProto(row.getShard())));
    for (InstallSpec spec : unfinished) {
      spec.meta()
          .values()
          .forEach(row -> host.ranges().holds(Descriptors.fromProto(parse(row).getShard())));
      install(spec);
    }
    for (ReplicaKey key : rows.keySet()) {
      if (!installing.contains(key)) {
        start(key, false);
      }
    }
  }

  private Map<ReplicaKey, ReplicaRow> onDisk() {
    Map<ReplicaKey, ReplicaRow> rows = new TreeMap<>();
    parts
        .store()
        .state()
        .scanMeta(
            (key, value) -> {
              if (KeySpace.isReplicaRow(key)) {
                rows.put(
                    new ReplicaKey(KeySpace.shardId(key), KeySpace.replicaId(key)), parse(value));
              }
            });
    return rows;
  }

  /** Goes on with installs that met a full store; each starts over from its file. */
  void tick() {
    for (int waiting = waitingForRoom.size(); waiting > 0; waiting--) {
      install(waitingForRoom.remove());
    }
  }

  /** Installs a snapshot for a replica that does not run, and starts it. */
  void install(InstallSpec spec) {
    var unused =
        parts
            .store()
            .state()
            .ingest(spec)
            .whenComplete(
                (info, failure) -> {
                  if (failure == null) {
                    SnapshotFiles.discard(parts.store().snapshots(), spec.file());
                    start(spec.replica(), false);
                  } else if (failure instanceof StoreFullException) {
                    waitingForRoom.add(spec);
                  } else {
                    host.ranges().release(spec.replica().shardId());
                    Logs.about(spec.replica(), LOG.atError())
                        .setCause(failure)
                        .log("does not start: its snapshot failed");
                  }
                });
  }

  /**
   * Starts a replica on its loop.
   *
   * <p>If its log does not hold the applied entry, it is a new one, or a crash came between its row
   * and its log: the log then begins at the applied entry. A hard state that is there is kept: the
   * term never falls and a vote given is not forgotten (M1).
   */
  void start(ReplicaKey key, boolean campaign) {
    ShardLoop loop = host.loopOf(key.shardId());
    ReplicaRow row = row(key);
    ReplicaLog log = parts.store().journal().log(key);
    HardState before = host.absentVotes().begins(key);
    long applied = row.getAppliedIndex();
    boolean held =
        log.isDurable()
            && log.lastIndex() >= applied
            && log.firstIndex() - 1 <= applied
            && log.term(applied) == row.getAppliedTerm();
    if (held) {
      loop.enqueue(() -> launch(key, row, loop, campaign));
      return;
    }
    boolean ahead = before.term() >= row.getAppliedTerm();
    JournalBatch batch = new JournalBatch();
    batch.reset(key, applied, row.getAppliedTerm());
    batch.hardState(
        key,
        new HardState(
            Math.max(before.term(), row.getAppliedTerm()), ahead ? before.vote() : 0, applied));
    parts
        .store()
        .journal()
        .submit(batch, () -> loop.enqueue(() -> launch(key, row, loop, campaign)));
  }

  private void launch(ReplicaKey key, ReplicaRow row, ShardLoop loop, boolean campaign) {
    Replica replica;
    try {
      replica = new Replica(seed(key, row), loop, parts, host);
    } catch (RuntimeException e) {
      Logs.about(key, LOG.atError())
          .setCause(e)
          .log("does not start: what is on disk of it makes no sense");
      return; // the others of the loop go on
    }
    loop.add(replica);
    loop.flusher().started(replica);
    host.started(replica);
    if (replica.machine() instanceof CatalogStateMachine catalog) {
      host.catalogApplied(catalog);
    }
    boolean alone = replica.descriptor().replicas().size() == 1;
    if (campaign || alone) {
      replica.campaign();
    }
  }

  /** Rows and state machine as of a row that was flushed. */
  ReplicaSeed seed(ReplicaKey key, ReplicaRow row) {
    ReplicaState rows = parts.store().state().open(key);
    StateMachine machine =
        key.shardId() == ShardDescriptor.SYSTEM_SHARD_ID
            ? new CatalogStateMachine(parts.clusterId(), rows, row)
            : new KvStateMachine(rows, row, parts.config().maxSessions());
    return new ReplicaSeed(key, row, rows, machine, split());
  }

  private synchronized SplittableRandom split() {
    return random.split();
  }

  private ReplicaRow row(ReplicaKey key) {
    Payload stored =
        parts.store().state().meta(KeySpace.replicaRow(key.shardId(), key.replicaId()));
    if (stored == null) {
      throw new IllegalStateException("no row of " + key);
    }
    return parse(stored);
  }

  private static ReplicaRow parse(Payload row) {
    try {
      return ReplicaRow.parseFrom(row.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the row of a replica cannot be read", e);
    }
  }
}
