package io.flotilla.sim.invariants;

import io.flotilla.raft.Membership;
import io.flotilla.raft.RaftNode;
import io.flotilla.shard.ReplicaView;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaKey;
import java.util.HashMap;
import java.util.Map;

/** A replica in one life of its process, as it was when it was looked at last. */
final class Watched {
  final ReplicaView view;
  final ReplicaKey key;
  final int place;
  final ShardHistory shard;
  final Map<Long, Long> matches = new HashMap<>();
  boolean isNew = true;
  boolean stopped;
  boolean installing;
  long checkedCommits;
  private long term;
  private boolean leader;
  private long leaderId;
  private long commit;
  private long last;
  private long applied;
  private long revision;
  private Membership membership;
  private ShardDescriptor descriptor;

  Watched(ReplicaView view, int place, ShardHistory shard) {
    this.view = view;
    this.key = view.key();
    this.place = place;
    this.shard = shard;
    this.membership = view.node().membership();
    this.descriptor = view.descriptor();
  }

  /** Whether anything is not as it was. */
  boolean hasChanged() {
    RaftNode node = view.node();
    return isNew
        || node.commitIndex() != commit
        || node.lastIndex() != last
        || view.appliedIndex() != applied
        || node.term() != term
        || node.isLeader() != leader
        || node.leaderId() != leaderId
        || node.membership() != membership
        || view.descriptor() != descriptor
        || view.isStopped() != stopped
        || view.isInstalling() != installing;
  }

  /** This is how it is now. */
  void remember() {
    RaftNode node = view.node();
    isNew = false;
    term = node.term();
    leader = node.isLeader();
    leaderId = node.leaderId();
    commit = node.commitIndex();
    last = node.lastIndex();
    applied = view.appliedIndex();
    revision = view.lastRevision();
    membership = node.membership();
    descriptor = view.descriptor();
    stopped = view.isStopped();
    installing = view.isInstalling();
  }

  long id() {
    return key.replicaId();
  }

  long term() {
    return term;
  }

  boolean wasLeader() {
    return leader;
  }

  long commit() {
    return commit;
  }

  long last() {
    return last;
  }

  long applied() {
    return applied;
  }

  long revision() {
    return revision;
  }

  Membership membership() {
    return membership;
  }

  ShardDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public String toString() {
    RaftNode node = view.node();
    return key
        + " on node "
        + place
        + (node.isLeader() ? ", leader in term " : ", term ")
        + node.term()
        + ", commit "
        + node.commitIndex()
        + ", last "
        + node.lastIndex()
        + ", applied "
        + view.appliedIndex();
  }
}
