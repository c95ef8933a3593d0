package io.flotilla.shard.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.PeerLife;
import io.flotilla.internal.v1.PeerLivesRow;
import io.flotilla.raft.Payload;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Finds stores that went back in time: a disk restored from a copy has forgotten votes and entries
 * that others count on (M24). Any thread.
 *
 * <p>The journal is one sequence of blocks, and whatever a node promises is in a durable one before
 * it is said. So each node says with every frame how far its journal reaches, the others remember
 * it, and a store that begins a new life with a shorter journal than it had in an earlier one is
 * refused. It then ends: nothing that it says is heard.
 */
public final class PeerLives {
  private final long life;
  private final long firstBlock;
  private final LongSupplier newestBlock;
  private final Consumer<String> refused;
  private final Map<Long, PeerLife> heard = new TreeMap<>();
  private final Map<Long, PeerLife> durable = new TreeMap<>();

  /**
   * A new life of this node.
   *
   * @param life random
   * @param newestBlock newest durable block of its journal
   * @param refused what to do when another node says that this store went back; it does not go on
   */
  public PeerLives(long life, LongSupplier newestBlock, Consumer<String> refused) {
    this.life = life;
    this.firstBlock = newestBlock.getAsLong();
    this.newestBlock = newestBlock;
    this.refused = refused;
  }

  synchronized void introduce(Handshake.Builder handshake, long toNodeId) {
    handshake
        .setLife(life)
        .setFirstJournalBlock(firstBlock)
        .setHeardJournalBlock(
            heard.getOrDefault(toNodeId, PeerLife.getDefaultInstance()).getJournalBlock());
  }

  /** What goes along with what this node says now. */
  public long newestBlock() {
    return newestBlock.getAsLong();
  }

  /** Whether another node knows of more than this store holds; then this one does not go on. */
  boolean endsBefore(Handshake theirs) {
    long here = newestBlock();
    boolean behind = theirs.getHeardJournalBlock() > here;
    if (behind) {
      refused(wentBack(theirs.getToNodeId(), here, theirs.getHeardJournalBlock()));
    }
    return behind;
  }

  /** Why a node is not welcome: its store has forgotten something; empty: it is. */
  public synchronized Optional<String> fault(Handshake theirs) {
    long nodeId = theirs.getFromNodeId();
    PeerLife known = heard.getOrDefault(nodeId, PeerLife.getDefaultInstance());
    boolean sameStore = known.getStoreId().equals(theirs.getFromStoreId());
    if (sameStore && known.getLife() == theirs.getLife()) {
      return Optional.empty();
    }
    long first = theirs.getFirstJournalBlock();
    if (sameStore && first < known.getJournalBlock()) {
      return Optional.of(wentBack(nodeId, first, known.getJournalBlock()));
    }
    heard.put(nodeId, of(nodeId, theirs.getFromStoreId(), theirs.getLife(), first));
    return Optional.empty();
  }

  private static String wentBack(long nodeId, long block, long before) {
    return "the store of node "
        + nodeId
        + " went back in time: its journal ends at block "
        + block
        + ", and had reached block "
        + before
        + " before. It has forgotten what it promised and may not take part: remove it"
        + " from the cluster, empty its data directory, and let it join as a new node";
  }

  private static PeerLife of(long nodeId, ByteString storeId, long life, long block) {
    return PeerLife.newBuilder()
        .setNodeId(nodeId)
        .setStoreId(storeId)
        .setLife(life)
        .setJournalBlock(block)
        .build();
  }

  /** A node that was welcome says how far its journal reaches. */
  public synchronized void reached(long nodeId, long block) {
    PeerLife known = heard.get(nodeId);
    if (known != null && block > known.getJournalBlock()) {
      heard.put(nodeId, known.toBuilder().setJournalBlock(block).build());
    }
  }

  /** Another node says that this store went back. */
  public void refused(String reason) {
    refused.accept(reason);
  }

  /** What was written before, as {@link #unsaved} gave it. */
  public synchronized void load(Payload row) {
    saved(row);
    heard.putAll(durable);
  }

  /** What is known now, to be written; empty if that is durable already. */
  public synchronized Optional<Payload> unsaved() {
    return heard.equals(durable) ? Optional.empty() : Optional.of(encoded());
  }

  private Payload encoded() {
    return Payload.of(PeerLivesRow.newBuilder().addAllLives(heard.values()).build().toByteArray());
  }

  /** The row is durable. */
  public synchronized void saved(Payload row) {
    durable.clear();
    try {
      for (PeerLife known : PeerLivesRow.parseFrom(row.asReadOnlyByteBuffer()).getLivesList()) {
        durable.put(known.getNodeId(), known);
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the row of other nodes' lives cannot be read", e);
    }
  }

  /** How far a node's journal reached at least, also after a crash of this one; 0: not known. */
  public synchronized long durablyKnown(long nodeId) {
    return durable.getOrDefault(nodeId, PeerLife.getDefaultInstance()).getJournalBlock();
  }
}
