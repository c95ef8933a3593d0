package io.flotilla.sim.invariants;

import io.flotilla.contract.v1.AsOf;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.HostConfig;
import io.flotilla.shard.HostView;
import io.flotilla.shard.ReplicaView;
import io.flotilla.shard.ShardHost;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.ReplicaLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Holds one run to all invariants: it is told what happens where, and looks there. */
public final class Oracle {
  /** Bytes queued above the bound at which new work is refused: what was under way already. */
  private static final long QUEUE_SLACK_BYTES = 8L << 20;

  private final class Node {
    final int place;
    final NodeStore store;
    final Map<ReplicaView, Watched> live = new IdentityHashMap<>();
    final Map<Payload, Payload> rows = new HashMap<>();

    /** Replicas whose rows a crash left between two states, until they run. */
    final Set<ReplicaKey> unfinished = new HashSet<>();

    @Nullable HostView host;

    Node(int place, NodeStore store) {
      this.place = place;
      this.store = store;
    }
  }

  private final class Models implements ModelWorld {
    @Override
    public DescriptorChecks descriptors() {
      return descriptors;
    }

    @Override
    public MembershipChecks memberships() {
      return memberships;
    }

    @Override
    public ExecutedWrites executed() {
      return executed;
    }

    @Override
    public ClientChecks reads() {
      return clients;
    }

    @Override
    public int maxSessions() {
      return maxSessions;
    }

    @Override
    public void born(ShardModel child) {
      long shardId = child.descriptor().shardId();
      shards.put(shardId, new ShardHistory(shardId, child));
    }
  }

  private final Tally tally;
  private final int maxSessions;
  private final Disks disks = new Disks();
  private final Map<Long, ShardHistory> shards = new TreeMap<>();
  private final Map<Integer, Node> nodes = new HashMap<>();
  private final Map<ReplicaKey, Watched> watched = new HashMap<>();
  private final ModelWorld models = new Models();
  private final DescriptorChecks descriptors;
  private final MembershipChecks memberships;
  private final ElectionChecks elections;
  private final LogChecks logs;
  private final CommitChecks commits;
  private final MessageChecks messages;
  private final ExecutedWrites executed;
  private final ClientChecks clients;
  private final StateChecks states;

  /**
   * For one run.
   *
   * @param config of all nodes
   * @param mostLag committed entries that a learner may lack to be made a voter
   */
  public Oracle(Tally tally, HostConfig config, long mostLag) {
    this.tally = tally;
    this.maxSessions = config.maxSessions();
    this.descriptors = new DescriptorChecks(tally);
    this.memberships = new MembershipChecks(tally, disks, mostLag);
    this.elections = new ElectionChecks(tally, disks, config.leaderLease());
    this.logs = new LogChecks(tally, memberships);
    this.commits = new CommitChecks(tally, disks);
    this.messages = new MessageChecks(tally, disks, elections, logs);
    this.executed = new ExecutedWrites(tally);
    this.clients = new ClientChecks(tally, disks, executed, shards);
    this.states = new StateChecks(tally, disks, shards);
  }

  // ---- lives of nodes

  /** A process has opened the store of its node. */
  public void opened(int place, NodeStore store) {
    Node node = new Node(place, store);
    nodes.put(place, node);
    Set<ReplicaKey> before = disks.on(place);
    for (ReplicaKey key : store.journal().replicas()) {
      before.remove(key);
      DurableLog log = disks.at(key, place);
      long first = log.firstIndex();
      DurableLog.Change change = log.follow(store.journal().log(key));
      logs.readBack(log, change, first);
      written(key, log, change, store.journal().log(key).hardState());
    }
    before.forEach(key -> goneAtStart(key, store));
    node.store.state().unfinishedInstalls().forEach(i -> node.unfinished.add(i.replica()));
    states.started(place, store, node.rows);
  }

  private void goneAtStart(ReplicaKey key, NodeStore store) {
    DurableLog log = disks.log(key);
    boolean removed = store.state().meta(KeySpace.tombstone(key.shardId())) != null;
    if (log != null) {
      logs.gone(log, removed);
    }
    disks.removed(key);
  }

  /** Its replicas are about to start. */
  public void hosts(int place, ShardHost host) {
    node(place).host = new HostView(host);
  }

  /** The process is dead. */
  public void died(int place) {
    Node node = nodes.remove(place);
    if (node != null) {
      node.live.values().forEach(w -> watched.remove(w.key, w));
      clients.powerIsLost();
    }
  }

  /** Its disk is another one, or an older one. */
  public void lostItsDisk(int place) {
    disks.lose(place);
  }

  private Node node(int place) {
    Node node = nodes.get(place);
    if (node == null) {
      throw new IllegalStateException("nothing runs at place " + place);
    }
    return node;
  }

  // ---- events

  /**
   * Something has run in the process.
   *
   * @param what turn of a loop, or commit of the journal or of the state store; others change
   *     nothing that matters here
   */
  public void hasRun(int place, String what) {
    switch (what) {
      case "turn" -> ran(place);
      case "journal" -> wroteJournal(place);
      case "state" -> wroteState(place);
      default -> {}
    }
  }

  private void ran(int place) {
    Node node = nodes.get(place);
    if (node == null || node.host == null) {
      return;
    }
    List<ReplicaView> views = node.host.replicas();
    boolean moved = views.size() != node.live.size();
    for (ReplicaView view : views) {
      Watched w = node.live.get(view);
      if (w == null) {
        w = begins(node, view);
        moved = true;
      }
      if (w.hasChanged()) {
        moved |= w.descriptor() != view.descriptor();
        changed(node, w);
      }
      elections.hasRun(w);
    }
    if (moved) {
      leave(node, views);
      descriptors.together(place, views.stream().map(ReplicaView::descriptor).toList());
    }
  }

  private Watched begins(Node node, ReplicaView view) {
    ReplicaKey key = view.key();
    ShardHistory shard =
        shards.computeIfAbsent(
            key.shardId(), id -> new ShardHistory(id, new ShardModel(models, view.descriptor())));
    Watched w = new Watched(view, node.place, shard);
    node.live.put(view, w);
    watched.put(key, w);
    if (tally.breaks(Invariant.REMOVED_FOR_GOOD, !disks.isBuried(node.place, key))) {
      tally.report(Invariant.REMOVED_FOR_GOOD, w + " comes back");
    }
    return w;
  }

  private void changed(Node node, Watched w) {
    if (w.view.isStopped()) {
      if (tally.breaks(Invariant.FAILURES_STOP_A_REPLICA, w.stopped)) {
        tally.report(Invariant.FAILURES_STOP_A_REPLICA, w + " has stopped");
      }
      w.remember();
      return;
    }
    tally.breaks(Invariant.FAILURES_STOP_A_REPLICA, true);
    elections.changed(w);
    commits.changed(w);
    ShardDescriptor now = w.view.descriptor();
    if (w.isNew || now != w.descriptor()) {
      descriptors.seen(now);
      if (!w.isNew && !now.equals(w.descriptor())) {
        descriptors.replaced(w.descriptor(), now);
      }
    }
    if (now.isSystem() && w.revision() != w.view.lastRevision()) {
      descriptors.shown(w.view.catalogRoutes());
    }
    boolean installed = node.unfinished.remove(w.key) || (w.installing && !w.view.isInstalling());
    w.remember();
    if (installed) {
      states.look(node.place, node.store, node.rows, key -> isInstalling(node, key));
    }
  }

  private boolean isInstalling(Node node, ReplicaKey key) {
    Watched w = watched.get(key);
    return w != null && w.place == node.place
        ? w.view.isInstalling()
        : node.unfinished.contains(key);
  }

  private void leave(Node node, List<ReplicaView> views) {
    Set<ReplicaView> there = new HashSet<>(views);
    for (Watched w : new ArrayList<>(node.live.values())) {
      if (!there.contains(w.view)) {
        node.live.remove(w.view);
        watched.remove(w.key, w);
        descriptors.removed(w.descriptor(), w.id());
      }
    }
  }

  /** A commit of the journal has happened, or failed. */
  private void wroteJournal(int place) {
    Node node = nodes.get(place);
    if (node == null) {
      return;
    }
    Set<ReplicaKey> before = disks.on(place);
    for (ReplicaKey key : node.store.journal().replicas()) {
      before.remove(key);
      ReplicaLog log = node.store.journal().log(key);
      DurableLog known = disks.at(key, place);
      HardState hardState = log.hardState();
      DurableLog.Change change = known.follow(log);
      if (change != DurableLog.Change.NONE || hardState != known.hardState) {
        written(key, known, change, hardState);
      }
    }
    before.forEach(key -> erased(node, key));
    bounded(node);
  }

  /** A log is gone: proof that the replica is must be on disk before (M8). */
  private void erased(Node node, ReplicaKey key) {
    DurableLog log = disks.log(key);
    if (log == null || log.isEmpty()) {
      return; // its row is on disk, its log is about to begin
    }
    Payload tombstone = node.store.state().meta(KeySpace.tombstone(key.shardId()));
    if (tally.breaks(Invariant.REMOVED_FOR_GOOD, tombstone != null)) {
      tally.report(
          Invariant.REMOVED_FOR_GOOD, key + " has no log on node " + node.place + ", nor a grave");
    }
    disks.removed(key);
  }

  private void written(
      ReplicaKey key, DurableLog log, DurableLog.Change change, HardState hardState) {
    ShardHistory shard = shards.get(key.shardId());
    if (shard == null) {
      log.hardState = hardState;
      return;
    }
    Watched w = watched.get(key);
    elections.written(shard, log, hardState);
    log.hardState = hardState;
    logs.written(shard, log, change, w);
    if (w != null) {
      commits.written(w, log);
    }
  }

  /** A commit of the state store has happened, or failed. */
  private void wroteState(int place) {
    Node node = nodes.get(place);
    if (node != null) {
      states.look(place, node.store, node.rows, key -> isInstalling(node, key));
      bounded(node);
    }
  }

  private void bounded(Node node) {
    long journal = node.store.journal().queuedBytes();
    long state = node.store.state().queuedBytes();
    boolean holds =
        (!node.store.journal().isOverloaded() || journal < QUEUE_SLACK_BYTES)
            && (!node.store.state().isOverloaded() || state < QUEUE_SLACK_BYTES);
    if (tally.breaks(Invariant.QUEUES_ARE_BOUNDED, holds)) {
      tally.report(
          Invariant.QUEUES_ARE_BOUNDED,
          "node " + node.place + ": " + journal + " and " + state + " bytes wait");
    }
  }

  /** A message leaves a node. */
  public void leaves(int place, long shardId, Message message) {
    ShardHistory shard = shards.get(shardId);
    if (shard != null) {
      Watched w = watched.get(new ReplicaKey(shardId, message.from()));
      messages.leaves(place, shard, message, w != null && w.place == place ? w : null);
    }
  }

  /**
   * A message is let in by the node it is for.
   *
   * @param fromLost whether its sender had lost something when it left
   */
  public void arrives(boolean fromLost, Message message) {
    if (tally.breaks(Invariant.NO_WORD_FROM_A_LOST_STORE, !fromLost)) {
      tally.report(Invariant.NO_WORD_FROM_A_LOST_STORE, message.toString());
    }
  }

  // ---- clients

  /** A client hears that its write was executed. */
  public void acknowledged(long session, long sequence, Payload key, long revision) {
    clients.acknowledged(session, sequence, key, revision);
  }

  /** What a linearizable read that begins now must see. */
  public long readBegins(Payload key) {
    return clients.floor(key);
  }

  /** It has ended; revision 0: nothing is there. */
  public void readEnds(Payload key, long floor, long revision) {
    clients.read(key, floor, revision);
  }

  /** A replica says of what state its answer is. */
  public void answered(Payload key, AsOf asOf) {
    clients.answered(key, asOf);
  }

  /** All is at rest: whoever has come to the same point has the same state. */
  public void atRest() {
    for (Node node : nodes.values()) {
      for (Watched w : node.live.values()) {
        if (!w.view.isStopped() && !w.view.isAtBarrier() && !w.view.isInstalling()) {
          states.alike(w.key, node.place, w.view.appliedIndex(), w.view.digest());
        }
      }
    }
  }
}
