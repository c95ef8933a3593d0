package io.flotilla.shard;

import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Payload;
import io.flotilla.raft.RaftNode;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaKey;
import java.util.List;

/** One replica seen from outside. Looking changes nothing, unless it is said. */
public final class ReplicaView {
  private final Replica replica;

  ReplicaView(Replica replica) {
    this.replica = replica;
  }

  boolean shows(Replica other) {
    return replica == other;
  }

  public ReplicaKey key() {
    return replica.key();
  }

  public RaftNode node() {
    return replica.node();
  }

  public long appliedIndex() {
    return replica.applier().appliedIndex();
  }

  public ShardDescriptor descriptor() {
    return replica.descriptor();
  }

  /** An invariant of its own is broken, or it is not part of its shard any more. */
  public boolean isStopped() {
    return replica.isStopped();
  }

  /** Whether its rows are between two states. */
  public boolean isInstalling() {
    return replica.isInstalling();
  }

  /** Whether a split has been applied that is not durable yet. */
  public boolean isAtBarrier() {
    return replica.applier().isAtBarrier();
  }

  /** What the catalog shows, if this is a replica of it. */
  public List<Route> catalogRoutes() {
    return replica.machine() instanceof CatalogStateMachine catalog ? catalog.routes() : List.of();
  }

  /** Rises whenever the catalog changes. */
  public long lastRevision() {
    return replica.machine().lastRevision();
  }

  /** Lets a leader see the ticks that are due, as it does before each read. */
  public void catchUpWithClock() {
    replica.catchUpWithClock();
  }

  /** The digest of its whole state; saves its sessions to its rows. */
  public Payload digest() {
    replica.machine().saveToRows();
    return StateDigest.of(replica.row(), replica.rows());
  }
}
