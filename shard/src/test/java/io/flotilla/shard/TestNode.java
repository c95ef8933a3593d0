package io.flotilla.shard;

import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.raft.Payload;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Limits;
import io.flotilla.shard.support.HandDrivenStore;
import io.flotilla.storage.NodeStore;
import io.flotilla.storage.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A host over a disk that outlives it; its turns, writers and ticks are moved by hand. */
final class TestNode {
  static final int TICK_MILLIS = 10;
  static final int FLUSH_TICKS = 50;

  /** Does what it is asked for, and nothing on its own. */
  static final SchedulerConfig SCHEDULER =
      new SchedulerConfig(false, 1, 300, 1_000, 2_000, 2, 8, SplitConfig.NEVER);

  static final SnapshotConfig SNAPSHOTS = new SnapshotConfig(0, 0, 2, 1_000, 4, 4_000, 500, 1_000);
  private long wallAheadMillis;
  private static final Payload CLUSTER = Payload.utf8("cluster");
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;

  /** Turns of one loop, run when the test says so. */
  private static final class HandRunner implements LoopRunner {
    private final Turn turn;
    private boolean due = true;

    HandRunner(Turn turn) {
      this.turn = turn;
    }

    boolean runIfDue() {
      if (!due) {
        return false;
      }
      due = turn.run();
      return true;
    }

    @Override
    public void wake() {
      due = true;
    }

    /** What waits leaves with the next tick, which tests let come more often than real ones. */
    @Override
    public void wakeWithin(long nanos) {}

    @Override
    public void close() {}
  }

  private final long id;
  private final TestCluster cluster;
  private final HostConfig config;
  private final HandDrivenStore disk = new HandDrivenStore();
  private final List<HandRunner> loops = new ArrayList<>();
  private @Nullable ShardHost host;
  private Runnable ticker = () -> {};
  private final StepExecutor snapshotWorker = new StepExecutor();
  private boolean journalHeld;
  private boolean stateHeld;
  private long lives;

  TestNode(long id, TestCluster cluster, HostConfig config) {
    this.id = id;
    this.cluster = cluster;
    this.config = config;
  }

  /** One loop, elections after 10 ticks, a flush after {@link #FLUSH_TICKS}, nothing retained. */
  static HostConfig config() {
    return new HostConfig(
        1,
        TICK_MILLIS,
        2,
        10,
        64,
        64 << 20,
        FLUSH_TICKS * TICK_MILLIS,
        0,
        SNAPSHOTS,
        SCHEDULER,
        false,
        Limits.MAX_SESSIONS);
  }

  long id() {
    return id;
  }

  HandDrivenStore disk() {
    return disk;
  }

  boolean isUp() {
    return host != null;
  }

  ShardHost host() {
    return Objects.requireNonNull(host);
  }

  /** The process begins; its replicas start with {@link ShardHost#start}. */
  void begin() {
    loops.clear();
    host = hostOver(disk.store());
  }

  /** A host like that of this node. */
  ShardHost hostOver(NodeStore store) {
    return new ShardHost(
        new HostParts(
            id,
            CLUSTER,
            new LiveConfig(config),
            store,
            new TestTransport(id, cluster),
            clock(),
            new SplittableRandom(id * 1_000 + lives++),
            (name, turn) -> {
              HandRunner runner = new HandRunner(turn);
              loops.add(runner);
              return runner;
            },
            (millis, task) -> {
              ticker = task;
              return () -> ticker = () -> {};
            },
            snapshotWorker,
            request -> cluster.dispatch(id, request),
            HostMeter.NONE));
  }

  /** The process dies, with all that was not durable. */
  void crash() {
    host = null;
    loops.clear();
    ticker = () -> {};
    journalHeld = false;
    stateHeld = false;
    snapshotWorker.clear();
    disk.crash();
  }

  void restart() {
    crash();
    begin();
    host().start();
  }

  /** Its wall clock is set wrong. */
  void setWallAhead(long millis) {
    wallAheadMillis = millis;
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public long nanos() {
        return cluster.nanos();
      }

      @Override
      public long wallMillis() {
        return EPOCH_MILLIS + cluster.nanos() / 1_000_000 + wallAheadMillis;
      }
    };
  }

  /** Nothing becomes durable in the journal until it is let go on. */
  void holdJournal(boolean held) {
    journalHeld = held;
  }

  /** Nothing becomes durable in the state store until it is let go on. */
  void holdState(boolean held) {
    stateHeld = held;
  }

  void tick() {
    ticker.run();
  }

  /** Each loop has a turn, each writer does one task; false when there was nothing to do. */
  boolean pass() {
    boolean moved = turns();
    moved |= !journalHeld && disk.journalWriter().runOne();
    moved |= !stateHeld && disk.stateWriter().runOne();
    moved |= disk.background().runOne();
    moved |= snapshotWorker.runOne();
    return moved;
  }

  /** Turns of the loops alone. */
  boolean turns() {
    boolean moved = false;
    for (HandRunner loop : List.copyOf(loops)) {
      moved |= loop.runIfDue();
    }
    return moved;
  }

  /** The catalog as it is applied here. */
  CatalogStateMachine catalog() {
    return (CatalogStateMachine) replica(ShardDescriptor.SYSTEM_SHARD_ID).machine();
  }

  Replica replica(long shardId) {
    return host().replica(shardId).orElseThrow();
  }

  /** Answered by this node alone, without time passing. */
  Reply askHere(Request request) {
    CompletableFuture<Reply> reply = host().execute(request);
    cluster.settle();
    if (!reply.isDone()) {
      throw new AssertionError("no answer to " + request);
    }
    return reply.join();
  }

  ReplicaStatus status(long shardId) {
    return askHere(Requesting.status()).getNodeStatus().getReplicasList().stream()
        .filter(replica -> replica.getShardId() == shardId)
        .findFirst()
        .orElseThrow();
  }
}
