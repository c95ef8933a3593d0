package io.flotilla.shard;

import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.ReplicaState;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A digest of all that the replicas of one shard must agree on at one applied index: rows,
 * sessions, descriptor, membership, and what else stands in the replica's row. Two replicas that
 * have applied the same entries have equal digests; if not, one of them is damaged, or applying
 * depends on something besides the log.
 *
 * <p>Reads row after row in key order and keeps none of them. Lengths go in before contents, so
 * that no two states give the same bytes. SHA-256, because equality of digests stands for equality
 * of states.
 */
public final class StateDigest {
  private final MessageDigest digest;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  private StateDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The digest of one state; 32 bytes. On the thread that owns the rows, nothing may be applied
   * meanwhile; takes as long as a scan of the whole shard.
   *
   * @param row the replica's row as of the rows
   * @param rows all sessions must have been saved to them
   */
  public static Payload of(ReplicaRow row, ReplicaState rows) {
    StateDigest state = new StateDigest();
    ShardDescriptor shard = Descriptors.fromProto(row.getShard());
    state.add(row);
    state.add(shard);
    long shardId = shard.shardId();
    rows.scan(KeySpace.rows(shardId, shard.range()), false, state::addRow);
    state.add(0);
    rows.scan(KeySpace.sessions(shardId), false, state::addRow);
    return Payload.of(state.digest.digest());
  }

  private void add(ReplicaRow row) {
    add(row.getAppliedIndex());
    add(row.getAppliedTerm());
    add(row.getLastRevision());
    add(row.getEvictedSessionMillis());
    add(row.getMembershipUnconfirmed() ? 1 : 0);
    add(row.getMembershipFence());
    add(Descriptors.payload(row.getMembership()));
  }

  private void add(ShardDescriptor shard) {
    add(shard.shardId());
    add(shard.range().start());
    add(shard.range().end());
    add(shard.epoch().membershipVersion());
    add(shard.epoch().rangeVersion());
    add(shard.replicas().size());
    for (ReplicaDescriptor replica : shard.replicas()) {
      add(replica.replicaId());
      add(replica.nodeId());
      add(Payload.utf8(replica.role().name()));
    }
  }

  /** A key has at least one byte, so the 0 after the last row is no key's length. */
  private boolean addRow(Payload key, Payload value) {
    add(key);
    add(value);
    return true;
  }

  private void add(Payload bytes) {
    add(bytes.size());
    digest.update(bytes.asReadOnlyByteBuffer());
  }

  private void add(long value) {
    digest.update(number.clear().putLong(value).flip());
  }
}
