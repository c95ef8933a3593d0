package io.flotilla.shard;

import io.flotilla.raft.Message;
import io.flotilla.shard.kv.ScanBudget;
import io.flotilla.shard.transport.PeerOutbox;
import io.flotilla.storage.JournalBatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owns many replicas and is the only one to touch them.
 *
 * <p>A turn: take what is in the mailbox; then for each replica concerned propose what clients
 * asked for and collect its Readys into one journal batch; hand the batch to the journal; let the
 * messages leave. What becomes durable comes back as a task in the mailbox.
 *
 * <p>The mailbox holds a bounded number of calls and peer messages. Completions and ticks are
 * always taken: their number is bounded by what the loop itself has under way.
 */
final class ShardLoop {
  /** Tasks of one turn at most, so that a flood does not keep a turn from its end. */
  private static final int MAX_TASKS_PER_TURN = 8_192;

  /** Rows that measurements of shards may look at in a tick, of all replicas together. */
  private static final int SCANNED_ROWS = 2_000;

  private static final long SCANNED_BYTES = 1 << 20;

  private final HostParts parts;
  private final Flusher flusher;
  private final PeerOutbox outbox;
  private final Queue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger bounded = new AtomicInteger();
  private final NavigableMap<Long, Replica> replicas = new TreeMap<>();
  private final Set<Replica> due = new LinkedHashSet<>();
  private final CommitNews commitNews;
  private final TickPace pace;
  private final LoopRunner runner;
  private final ScanBudget scanBudget = new ScanBudget(SCANNED_ROWS, SCANNED_BYTES);

  ShardLoop(String name, HostParts parts) {
    this.parts = parts;
    this.outbox = parts.transport().newOutbox();
    this.commitNews = new CommitNews(outbox, parts.clock());
    this.flusher = new Flusher(this, parts);
    this.pace = new TickPace(parts.config().tickNanos());
    this.runner = parts.runners().create(name, this::turn);
  }

  // ---- from any thread

  /** A task that is always taken. */
  void enqueue(Runnable task) {
    mailbox.add(task);
    runner.wake();
  }

  /** A call or peer message: refused when the mailbox is full. */
  boolean offer(Runnable task) {
    if (bounded.incrementAndGet() > parts.config().mailboxCalls()) {
      bounded.decrementAndGet();
      parts.meter().refused();
      return false;
    }
    enqueue(
        () -> {
          bounded.decrementAndGet();
          task.run();
        });
    return true;
  }

  void close() {
    runner.close();
  }

  /** Calls and peer messages that wait. */
  int waiting() {
    return bounded.get();
  }

  // ---- confined to the loop

  /** A message to a replica elsewhere; it leaves when the turn ends, or soon after (commits). */
  void send(long nodeId, long shardId, Message message) {
    commitNews.send(nodeId, shardId, message);
  }

  Flusher flusher() {
    return flusher;
  }

  /** What is left in this tick for measurements of shards. */
  ScanBudget scanBudget() {
    return scanBudget;
  }

  void add(Replica replica) {
    replicas.put(replica.shardId(), replica);
    due.add(replica);
  }

  /** The replica is no longer part of its shard. */
  void remove(Replica replica) {
    replicas.remove(replica.shardId(), replica);
    due.remove(replica);
    flusher.removed(replica);
  }

  /** Those of later shards, in order, so many at most. */
  List<Replica> replicasAfter(long shardId, int most) {
    return replicas.tailMap(shardId, false).values().stream().limit(most).toList();
  }

  Iterable<Replica> replicas() {
    return replicas.values();
  }

  /** The replica has something to do before this turn ends. */
  void markDue(Replica replica) {
    due.add(replica);
  }

  void tick() {
    if (!pace.admits(parts.clock().nanos())) {
      return;
    }
    scanBudget.renew();
    for (Replica replica : replicas.values()) {
      replica.tick();
    }
    flusher.tick();
  }

  private boolean turn() {
    return TurnEnd.during(this::turnUntil);
  }

  private boolean turnUntil(TurnEnd ends) {
    long begun = parts.clock().nanos();
    for (int i = 0; i < MAX_TASKS_PER_TURN; i++) {
      Runnable task = mailbox.poll();
      if (task == null) {
        break;
      }
      task.run();
    }
    advanceDueReplicas();
    commitNews.endOfTurn().ifPresent(runner::wakeWithin);
    outbox.flush();
    ends.run();
    parts.meter().turned(parts.clock().nanos() - begun);
    return !mailbox.isEmpty() || !due.isEmpty();
  }

  private void advanceDueReplicas() {
    List<Replica> turn = List.copyOf(due);
    due.clear();
    JournalBatch batch = new JournalBatch();
    List<Replica> written = new ArrayList<>();
    for (Replica replica : turn) {
      if (replica.advance(batch)) {
        written.add(replica);
      }
    }
    if (!written.isEmpty()) {
      parts.store().journal().submit(batch, () -> enqueue(() -> durable(written)));
    }
  }

  private static void durable(List<Replica> written) {
    written.forEach(Replica::batchDurable);
  }
}
