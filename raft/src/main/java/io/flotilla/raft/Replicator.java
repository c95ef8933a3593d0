package io.flotilla.raft;

import io.flotilla.raft.RaftStatus.FollowerState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a leader's log to the others, within their windows, and commits what a quorum holds (Raft
 * §5.3, §5.4.2).
 *
 * <p>Appends are not sent when something is proposed but once per Ready, so that all proposals of a
 * turn leave in one message per follower.
 */
final class Replicator {
  private final RaftCore core;
  private final long firstIndexOfTerm;
  private final Map<Long, Progress> progress = new TreeMap<>();
  private boolean sendDue;

  Replicator(RaftCore core, long firstIndexOfTerm) {
    this.core = core;
    this.firstIndexOfTerm = firstIndexOfTerm;
    updateMembers();
  }

  // ---- who takes part

  /** Takes over the membership as applied. */
  void updateMembers() {
    progress.keySet().retainAll(core.membership.all());
    for (long id : core.membership.all()) {
      progress.computeIfAbsent(id, this::newProgress);
    }
  }

  private Progress newProgress(long id) {
    Progress p = new Progress(id, core.log.lastIndex() + 1, core.config);
    p.recentlyActive = true; // not heard of yet, but not given up either
    if (id == core.id()) {
      p.acknowledge(core.log.persistedIndex());
    }
    return p;
  }

  /** All replicas, the own included. */
  Collection<Progress> all() {
    return progress.values();
  }

  /** The replica that a message came from; null if it takes no part. */
  @Nullable Progress find(long id) {
    return progress.get(id);
  }

  Progress follower(long id) {
    Progress p = progress.get(id);
    if (p == null) {
      throw new RaftInvariantException("voter without progress: " + id);
    }
    return p;
  }

  /** Whether a quorum was heard of since the last time this was asked (thesis 6.2). */
  boolean hearsQuorum() {
    boolean heard =
        Quorum.holds(core.membership, id -> id == core.id() || follower(id).recentlyActive);
    progress.values().forEach(p -> p.recentlyActive = false);
    return heard;
  }

  /**
   * Whether the replica would not hold commits up as a voter: it has nearly all that is committed,
   * and was heard of within an election timeout (R17).
   */
  boolean isCaughtUp(long id) {
    Progress p = follower(id);
    return core.log.committed() - p.match() <= core.config.maxPromotionLag() && wasHeardLately(p);
  }

  private boolean wasHeardLately(Progress p) {
    return core.now - p.heardAt() < core.config.electionTicks();
  }

  List<RaftStatus.Follower> picture() {
    return progress.values().stream()
        .filter(p -> p.replicaId != core.id())
        .map(p -> p.picture(wasHeardLately(p), !core.membership.isVoter(p.replicaId)))
        .toList();
  }

  // ---- out

  /** There is something to send; it leaves with the next Ready. */
  void sendSoon() {
    sendDue = true;
  }

  boolean isSendDue() {
    return sendDue;
  }

  void sendDue() {
    if (!sendDue) {
      return;
    }
    sendDue = false;
    for (Progress p : progress.values()) {
      if (p.replicaId != core.id()) {
        sendAllTo(p);
      }
    }
  }

  /** Sends what the follower lacks, in as many messages as its window takes. */
  private void sendAllTo(Progress p) {
    while (!p.isPaused() && (p.next() <= core.log.lastIndex() || isUnknown(p))) {
      sendAppend(p);
    }
    tellCommit(p);
  }

  /** What it lacks is to be found out, also where there seems to be nothing to send. */
  private boolean isUnknown(Progress p) {
    return p.state() == FollowerState.PROBE && p.match() < core.log.lastIndex();
  }

  /** Without an append, which would be answered: that would double the messages of each entry. */
  private void tellCommit(Progress p) {
    long commit = Math.min(p.match(), core.log.committed()); // R9
    if (p.state() == FollowerState.REPLICATE && p.commitSent < commit) {
      core.send(new Message.Commit(core.id(), p.replicaId, core.term, commit));
      p.commitSent = commit;
    }
  }

  /**
   * Tells the commit behind all appends under way, also to those who have not acknowledged them:
   * there may be no later occasion.
   */
  void sendToAllInOrder() {
    for (Progress p : progress.values()) {
      boolean told = p.replicaId == core.id();
      while (!p.isPaused() && (!told || p.next() <= core.log.lastIndex())) {
        sendAppend(p);
        told = true;
      }
    }
  }

  private void sendAppend(Progress p) {
    long prev = p.next() - 1;
    if (prev < core.log.firstIndex() - 1) {
      requestSnapshot(p);
      return;
    }
    List<Entry> entries =
        core.log.entries(p.next(), core.log.lastIndex() + 1, core.config.maxBytesPerAppend());
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.sizeBytes();
    }
    core.send(
        new Message.AppendEntries(
            core.id(),
            p.replicaId,
            core.term,
            prev,
            core.log.term(prev),
            entries,
            core.log.committed()));
    p.commitSent = core.log.committed();
    p.sent(prev + entries.size(), bytes);
  }

  private void requestSnapshot(Progress p) {
    if (!p.recentlyActive) {
      // Pauses until it is heard of: no snapshot for a replica that is gone. PROBE, because nothing
      // would pause a pipeline whose window is open.
      p.becomeProbe();
      p.sent(0, 0);
      return;
    }
    long compacted = core.log.firstIndex() - 1;
    core.tracer.snapshotNeeded(p.replicaId, p.next());
    p.becomeSnapshot(compacted);
    core.send(
        new Message.InstallSnapshot(
            core.id(),
            p.replicaId,
            core.term,
            new SnapshotMetadata(compacted, core.log.term(compacted), core.membership)));
  }

  // ---- in

  void onReply(Progress p, Message.AppendEntriesReply m) {
    p.heard(core.now);
    if (m.reject()) {
      long hint =
          m.hintTerm() > 0
              ? core.log.lastIndexNotAboveTerm(m.hintIndex(), m.hintTerm())
              : m.hintIndex();
      if (p.reject(m.index(), hint)) {
        sendDue = true;
      }
      return;
    }
    Invariants.check(
        m.index() <= core.log.lastIndex(),
        "follower acknowledges what was never sent",
        m.index(),
        core.log.lastIndex());
    boolean news = p.acknowledge(m.index());
    if (news || p.state() == FollowerState.PROBE) {
      advance(p);
      sendDue = true;
    }
  }

  private void advance(Progress p) {
    switch (p.state()) {
      case PROBE -> p.becomeReplicate();
      case SNAPSHOT -> {
        if (p.snapshotCovered(core.log.firstIndex())) {
          p.becomeReplicate();
        }
      }
      case REPLICATE -> p.inflights.freeUpTo(p.match());
    }
    advanceCommit();
  }

  void onHeartbeatReply(Progress p) {
    p.heard(core.now);
    p.unpause();
    if (p.state() == FollowerState.REPLICATE && p.inflights.isFull()) {
      p.inflights.freeFirst();
    }
    if (p.match() < core.log.lastIndex() && p.state() != FollowerState.SNAPSHOT && !p.isPaused()) {
      sendAppend(p); // also without entries: finds out whether appends were lost
    }
  }

  /** The own log counts for the quorum as far as it is durable, no further (R3). */
  void onPersisted() {
    Progress own = progress.get(core.id());
    if (own != null && own.acknowledge(core.log.persistedIndex())) {
      advanceCommit();
    }
  }

  void reportSnapshot(long replicaId, boolean ok) {
    Progress p = progress.get(replicaId);
    if (p != null && p.state() == FollowerState.SNAPSHOT) {
      if (ok) {
        p.becomeProbe();
      } else {
        p.snapshotFailed();
      }
      // Wait for a word of the follower before the next append.
      p.sent(0, 0);
    }
  }

  void reportUnreachable(long replicaId) {
    Progress p = progress.get(replicaId);
    if (p != null && p.state() == FollowerState.REPLICATE) {
      p.becomeProbe(); // what is under way is probably lost
    }
  }

  // ---- commit

  /** Whether an entry of the own term is committed, and with it all of former terms. */
  boolean hasCommittedInTerm() {
    return core.log.committed() >= firstIndexOfTerm;
  }

  /** Commits what a quorum holds, if it is of this term (Raft §5.4.2, figure 8; R7). */
  void advanceCommit() {
    long reached = Quorum.reached(core.membership, id -> follower(id).match());
    if (reached > core.log.committed() && reached >= firstIndexOfTerm) {
      core.log.commitTo(reached);
      sendDue = true;
    }
  }
}
