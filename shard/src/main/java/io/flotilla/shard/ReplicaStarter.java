package io.flotilla.shard;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.kv.KvStateMachine;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.FlushBatch;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.StateStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Brings replicas to life from what is on disk: after a start, a bootstrap or a split, always the
 * same way. So a crash at any point between is nothing special.
 */
final class ReplicaStarter {
  private final HostParts parts;
  private final ShardHost host;
  private final SplittableRandom random;

  ReplicaStarter(HostParts parts, ShardHost host) {
    this.parts = parts;
    this.host = host;
    this.random = new SplittableRandom(parts.random().nextLong());
  }

  /** The replicas that have a row, in the order of their shards. */
  List<ReplicaKey> onDisk() {
    List<ReplicaKey> keys = new ArrayList<>();
    parts
        .store()
        .state()
        .scanMeta(
            (key, value) -> {
              if (KeySpace.isReplicaRow(key)) {
                long shardId = ByteBuffer.wrap(key.toByteArray()).getLong(1);
                keys.add(new ReplicaKey(shardId, KeySpace.replicaId(key)));
              }
            });
    return keys;
  }

  /** First rows of a new cluster. All nodes of the bootstrap write the same ones. */
  void bootstrap(List<NodeInfo> nodes, List<ShardDescriptor> shards) {
    StateStore state = parts.store().state();
    for (ShardDescriptor shard : shards) {
      NewReplica replica = NewReplica.ofBootstrap(shard, parts.nodeId());
      Payload rowKey = KeySpace.replicaRow(replica.key().shardId(), replica.key().replicaId());
      if (state.meta(rowKey) != null) {
        continue;
      }
      FlushBatch flush = new FlushBatch();
      if (shard.isSystem()) {
        ReplicaState rows = state.open(replica.key());
        CatalogStateMachine.seed(rows, nodes, shards);
        flush.add(rows.freeze());
      }
      flush.putMeta(rowKey, replica.row());
      CompletableFuture<Void> durable = new CompletableFuture<>();
      state.flush(flush, () -> durable.complete(null));
      durable.join();
    }
  }

  /**
   * Starts a replica on its loop.
   *
   * <p>If its log does not hold the applied entry, it is a new one, or a crash came between its row
   * and its log: the log then begins at the applied entry. A hard state that is there is kept: the
   * term never falls and a vote given is not forgotten (M1).
   */
  void start(ReplicaKey key, ShardLoop loop, boolean campaign) {
    ReplicaRow row = row(key);
    ReplicaLog log = parts.store().journal().log(key);
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
    HardState before = log.hardState();
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
    ReplicaState rows = parts.store().state().open(key);
    StateMachine machine =
        key.shardId() == ShardDescriptor.SYSTEM_SHARD_ID
            ? new CatalogStateMachine(parts.clusterId(), rows, row)
            : new KvStateMachine(rows, row);
    Replica replica =
        new Replica(new ReplicaSeed(key, row, rows, machine, split()), loop, parts, host);
    loop.add(replica);
    loop.flusher().started(replica);
    host.started(replica);
    if (machine instanceof CatalogStateMachine catalog) {
      host.catalogApplied(catalog);
    }
    boolean alone = replica.descriptor().replicas().size() == 1;
    if (campaign || alone) {
      replica.campaign();
    }
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
    try {
      return ReplicaRow.parseFrom(stored.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the row of " + key + " cannot be read", e);
    }
  }
}
