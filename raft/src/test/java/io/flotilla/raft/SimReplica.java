package io.flotilla.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica with its disk and its state machine. Handing out, writing, telling the core that it
 * is written, and applying are separate steps, so that a crash may fall between any two.
 */
final class SimReplica {
  private static final int MAX_READYS = 10_000;

  final long id;
  final SimDisk disk;
  private final RaftConfig config;
  private final Digests digests;
  private final GroupListener listener;
  private final Consumer<Message> network;

  private @Nullable RaftNode node;
  private final Deque<Ready> unwritten = new ArrayDeque<>();
  private final Deque<Ready> untold = new ArrayDeque<>();
  private final Deque<Entry> toApply = new ArrayDeque<>();
  private long applied;
  private long appliedTerm;
  private long digest;
  private Membership membership;

  /** The log as the core has it, as far as it was handed out. */
  MemoryLog view;

  SimReplica(
      RaftConfig config,
      SimDisk disk,
      Digests digests,
      GroupListener listener,
      Consumer<Message> network) {
    this.id = config.replicaId();
    this.config = config;
    this.disk = disk;
    this.digests = digests;
    this.listener = listener;
    this.network = network;
    this.view = disk.log.copy();
    this.membership = disk.membership;
  }

  // ---- life

  void start(RandomGenerator random) {
    applied = disk.applied;
    appliedTerm = disk.log.term(applied);
    digest = disk.digest;
    membership = disk.membership;
    view = disk.log.copy();
    InitialState initial = new InitialState(disk.hardState, membership, applied);
    node = new RaftNode(config, initial, disk.log, random, new Tracer());
    listener.started(this);
  }

  /** Everything is gone but the disk. Readys that were not written are not there. */
  void crash() {
    node = null;
    unwritten.clear();
    untold.clear();
    toApply.clear();
    listener.crashed(this);
  }

  boolean isUp() {
    return node != null;
  }

  RaftNode node() {
    if (node == null) {
      throw new IllegalStateException("replica " + id + " is down");
    }
    return node;
  }

  // ---- steps

  /** Takes one Ready, if there is one. */
  boolean handOutOne() {
    if (node == null || !node.hasReady()) {
      return false;
    }
    Ready ready = node.ready();
    view.write(ready);
    if (ready.snapshot() != null) {
      toApply.clear(); // the snapshot covers them
    }
    unwritten.addLast(ready);
    toApply.addAll(ready.committed());
    listener.handedOut(this, ready);
    ready.messages().forEach(this::send);
    return true;
  }

  boolean handOut() {
    int taken = 0;
    while (handOutOne()) {
      if (++taken > MAX_READYS) {
        throw new AssertionError("replica " + id + " never runs out of Readys");
      }
    }
    return taken > 0;
  }

  /** The oldest Ready that is not on disk gets there. */
  boolean writeOne() {
    Ready ready = unwritten.pollFirst();
    if (ready == null) {
      return false;
    }
    disk.write(ready, digests);
    untold.addLast(ready);
    listener.written(this, ready);
    return true;
  }

  /** The core is told of the oldest Ready on disk. */
  boolean tellOne() {
    Ready ready = untold.pollFirst();
    if (ready == null) {
      return false;
    }
    SnapshotMetadata snapshot = ready.snapshot();
    if (snapshot != null) {
      applied = snapshot.index();
      appliedTerm = snapshot.term();
      digest = digests.at(applied);
      membership = snapshot.membership();
    }
    node().persisted(ready);
    ready.messagesAfterPersist().forEach(this::send);
    return true;
  }

  /** All that was handed out gets durable, and the core hears of it. */
  boolean persist() {
    boolean any = false;
    while (writeOne()) {
      any = true;
    }
    while (tellOne()) {
      any = true;
    }
    return any;
  }

  boolean applyOne() {
    Entry entry = toApply.pollFirst();
    if (entry == null) {
      return false;
    }
    if (entry.index() != applied + 1) {
      throw new AssertionError("replica " + id + " gets " + entry.index() + " after " + applied);
    }
    applied = entry.index();
    appliedTerm = entry.term();
    digest = Digests.next(digest, entry);
    digests.record(id, applied, digest);
    listener.applied(this, entry);
    if (entry.type() == Entry.Type.MEMBERSHIP) {
      membership = node().applyMembership(entry);
    }
    node().applied(applied);
    return true;
  }

  boolean apply() {
    boolean any = false;
    while (applyOne()) {
      any = true;
    }
    return any;
  }

  /** Hands out, persists and applies until nothing is left to do. */
  boolean work() {
    boolean any = false;
    for (int i = 0; i < MAX_READYS; i++) {
      if (!(handOut() | persist() | apply())) {
        return any;
      }
      any = true;
    }
    throw new AssertionError("replica " + id + " never comes to rest");
  }

  /** Makes the applied state durable. */
  void flush() {
    if (applied > disk.applied && snapshotOnItsWay() == null) {
      disk.applied = applied;
      disk.digest = digest;
      disk.membership = membership;
    }
  }

  private @Nullable Ready snapshotOnItsWay() {
    for (Deque<Ready> queue : List.of(unwritten, untold)) {
      for (Ready ready : queue) {
        if (ready.snapshot() != null) {
          return ready;
        }
      }
    }
    return null;
  }

  /** Cuts the log off below what is flushed, but for the last entries. */
  void compact(long keep) {
    long upTo = disk.applied - keep;
    if (upTo > 0 && snapshotOnItsWay() == null) {
      disk.log.compact(upTo);
      view.compact(upTo);
    }
  }

  private void send(Message message) {
    Message toSend = message;
    if (message instanceof Message.InstallSnapshot wish) {
      SnapshotMetadata own = new SnapshotMetadata(applied, appliedTerm, membership);
      toSend = new Message.InstallSnapshot(wish.from(), wish.to(), wish.term(), own);
    }
    network.accept(toSend);
  }

  // ---- what a test asks

  RaftConfig config() {
    return config;
  }

  long applied() {
    return applied;
  }

  long digest() {
    return digest;
  }

  Membership membership() {
    return membership;
  }

  int readysUnderWay() {
    return unwritten.size() + untold.size();
  }

  private final class Tracer implements RaftTracer {
    @Override
    public void ignored(Message message, String reason) {
      listener.ignored(SimReplica.this, message, reason);
    }

    @Override
    public void transferAborted(long toReplica) {
      listener.transferAborted(SimReplica.this, toReplica);
    }
  }
}
