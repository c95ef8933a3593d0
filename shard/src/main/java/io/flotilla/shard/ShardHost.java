package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.Limits;
import io.flotilla.shard.kv.Requests;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.shard.transport.PeerReceiver;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.storage.ReplicaKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All replicas of a node. Any thread may call it; the work is done on the loops.
 *
 * <p>Life: construct, {@link #bootstrap} if the cluster is new, {@link #start}, {@link #close}.
 */
public final class ShardHost implements PeerReceiver, AutoCloseable {
  /** Ticks between two full reports of what this node leads, in case one was lost. */
  private static final int FULL_REPORT_TICKS = 300;

  /** Ticks after which messages for a replica that never came are forgotten. */
  private static final int FORGET_TICKS = 6_000;

  private final HostParts parts;
  private final RouteReporter reporter;
  private final ReplicaStarter starter;
  private final RangeBook ranges = new RangeBook();
  private final UnknownReplicas unknown;
  private final AbsentVotes absentVotes;
  private final SnapshotSender snapshots;
  private final SnapshotReceiver snapshotReceiver;
  private final RemovedReplicas removed;
  private final StaleReplicas stale;
  private final List<ShardLoop> loops = new ArrayList<>();
  private final Map<Long, Replica> replicas = new ConcurrentSkipListMap<>();
  private final AtomicBoolean snapshotsTick = new AtomicBoolean();
  private Runnable stopTicks = () -> {};
  private volatile @Nullable SystemShard systemShard;
  private volatile long ticks;

  public ShardHost(HostParts parts) {
    this.parts = parts;
    this.reporter = new RouteReporter(parts.cluster());
    for (int i = 0; i < parts.config().loops(); i++) {
      loops.add(new ShardLoop("shard-loop-" + i, parts));
    }
    this.starter = new ReplicaStarter(parts, this);
    this.unknown = new UnknownReplicas(2 * parts.config().electionTicks());
    this.absentVotes = new AbsentVotes(parts);
    this.snapshots = new SnapshotSender(parts);
    this.snapshotReceiver = new SnapshotReceiver(parts, this);
    this.removed = new RemovedReplicas(parts, ranges);
    this.stale = new StaleReplicas(parts.cluster(), this::removeIfGone);
  }

  /**
   * Writes the first rows of a new cluster's shards, all in one transaction. May be repeated until
   * it was done once, and never after replicas have run.
   *
   * @param rules of the placement, to begin with
   * @return completes when they are durable
   */
  public CompletableFuture<Void> bootstrap(
      List<NodeInfo> nodes, List<ShardDescriptor> shards, PlacementRules rules) {
    return starter.bootstrap(nodes, shards, rules);
  }

  /** Starts every replica found on disk, and the ticks. */
  public void start() {
    removed.recover();
    starter.startAll();
    stopTicks = parts.ticks().start(parts.config().tickMillis(), this::tick);
  }

  /** By the tick source, one at a time. */
  private void tick() {
    long now = ticks + 1;
    ticks = now;
    for (ShardLoop loop : loops) {
      loop.enqueue(loop::tick);
    }
    parts.store().tryForRoom();
    starter.tick();
    tickSnapshots();
    if (now % FULL_REPORT_TICKS == 0) {
      replicas.values().forEach(this::reportIfLeader);
      unknown.forgetBefore(now - FORGET_TICKS);
    }
    reporter.send();
    if (now % parts.config().electionTicks() == 0) {
      stale.ask();
    }
    SystemShard here = systemShard;
    if (here != null) {
      here.replica().loop().enqueue(() -> here.scheduler().tick(now));
    }
  }

  /** No more than one waits for the worker, which may be held up by the disk. */
  private void tickSnapshots() {
    if (snapshotsTick.compareAndSet(false, true)) {
      parts
          .snapshotWorker()
          .execute(
              () -> {
                snapshotsTick.set(false);
                snapshots.tick();
                snapshotReceiver.tick();
              });
    }
  }

  private void reportIfLeader(Replica replica) {
    replica.loop().enqueue(replica::reportRoute);
  }

  /** The catalog says this of a shard; its replica here goes if that is proof. */
  private void removeIfGone(ShardDescriptor fromCatalog) {
    replica(fromCatalog.shardId())
        .ifPresent(replica -> replica.loop().enqueue(() -> removeIfGone(replica, fromCatalog)));
  }

  private void removeIfGone(Replica replica, ShardDescriptor fromCatalog) {
    ShardDescriptor own = replica.descriptor();
    boolean gone = StaleReplicas.isProof(fromCatalog, own, replica.key().replicaId());
    boolean here = replicas.get(replica.shardId()) == replica;
    if (!gone || !here || replica.isInstalling() || replica.applier().isAtBarrier()) {
      return; // what is busy is suspected again
    }
    replica.retire();
    replica.loop().remove(replica);
    replicas.remove(replica.shardId());
    if (own.isSystem()) {
      systemShard = null;
    }
    removed.remove(replica.key(), own);
  }

  RouteReporter reporter() {
    return reporter;
  }

  StaleReplicas stale() {
    return stale;
  }

  RemovedReplicas removed() {
    return removed;
  }

  RangeBook ranges() {
    return ranges;
  }

  AbsentVotes absentVotes() {
    return absentVotes;
  }

  SnapshotSender snapshots() {
    return snapshots;
  }

  SnapshotReceiver snapshotReceiver() {
    return snapshotReceiver;
  }

  Optional<Replica> replica(long shardId) {
    return Optional.ofNullable(replicas.get(shardId));
  }

  ShardLoop loopOf(long shardId) {
    return loops.get((int) (shardId % loops.size()));
  }

  /** What a replica starts from, with this row as it was flushed. */
  ReplicaSeed seed(ReplicaKey key, ReplicaRow row) {
    return starter.seed(key, row);
  }

  /** Starts a replica whose row is on disk, on its loop. */
  void startReplica(ReplicaKey key, boolean campaign) {
    starter.start(key, campaign);
  }

  /** Makes a replica that was not here from a snapshot; its range is reserved. */
  void installNew(StagedSnapshot snapshot) {
    starter.install(snapshot.install(snapshot.range()));
  }

  /** The replica is on its loop and takes calls from now on. On its loop. */
  void started(Replica replica) {
    ranges.holds(replica.descriptor());
    replicas.put(replica.shardId(), replica);
    if (replica.descriptor().isSystem()) {
      systemShard = SystemShard.of(replica, parts);
    }
    unknown.started(replica.shardId()).ifPresent(replica::receive);
  }

  void splitApplied(Replica parent, StateMachine.SplitResult split) {
    if (parent.isLeader()) {
      parent.reportRoute();
      reporter.changed(Descriptors.route(split.right(), 0, 0));
    }
  }

  /** The system shard's replica here has applied something: there may be new nodes. */
  void catalogApplied(CatalogStateMachine catalog) {
    updateNodes(catalog.nodes());
  }

  /** The nodes known so far, from the bootstrap or the catalog. */
  public void updateNodes(List<NodeInfo> nodes) {
    Map<Long, String> addresses = new TreeMap<>();
    for (NodeInfo node : nodes) {
      if (node.getNodeId() != parts.nodeId()) {
        String apart = node.getPeerAddress();
        addresses.put(node.getNodeId(), apart.isEmpty() ? node.getAddress() : apart);
      }
    }
    parts.transport().updateNodes(addresses);
  }

  @Override
  public void receive(long fromNodeId, long shardId, Message message) {
    parts.meter().received();
    Replica replica = replicas.get(shardId);
    if (replica != null) {
      // Lost when the mailbox is full: Raft sends it again.
      replica.loop().offer(() -> replica.receive(fromNodeId, message));
      return;
    }
    if (removed.contains(shardId, message.to())) {
      return;
    }
    ShardLoop loop = loopOf(shardId);
    unknown
        .answer(shardId, message, ticks)
        .ifPresent(answer -> loop.offer(() -> loop.send(fromNodeId, shardId, answer)));
    if (message instanceof Message.RequestVote vote && unknown.mayVote(shardId, ticks)) {
      loop.offer(
          () ->
              absentVotes.ask(
                  shardId,
                  vote,
                  answer -> loop.enqueue(() -> loop.send(fromNodeId, shardId, answer))));
    }
  }

  @Override
  public SnapshotPipe<SnapshotUp> openSnapshot(SnapshotPipe<SnapshotDown> answers) {
    return snapshotReceiver.open(answers);
  }

  /**
   * Serves a request with a replica of this node, or says who may.
   *
   * @return completes with an answer at about the deadline at the latest, never exceptionally
   */
  public CompletableFuture<Reply> execute(Request request) {
    Optional<String> fault = Requests.fault(request, parts.clock().wallMillis());
    if (fault.isPresent()) {
      return CompletableFuture.completedFuture(Failures.invalid(fault.get()));
    }
    if (request.hasNodeStatus()) {
      return new NodeStatusQuery(request.getNodeStatus(), replicas.values(), parts).run();
    }
    Replica replica = find(request);
    if (replica == null) {
      return CompletableFuture.completedFuture(
          Failures.staleRoute(request.getContext().getShardId(), List.of()));
    }
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    Call call = new Call(request, deadline(request), answer);
    boolean room = !Requests.isWrite(request) || hasRoomForWrites();
    if (!room || !replica.loop().offer(() -> begin(replica, call))) {
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_OVERLOADED,
              "node " + parts.nodeId() + " has too much to do: try again later"));
    }
    return answer;
  }

  /** All replicas in numbers; completes soon, on a loop, and never once the host is closed. */
  public CompletableFuture<HostStats> stats() {
    return StatsSweep.of(loops);
  }

  private boolean hasRoomForWrites() {
    return !parts.store().journal().isOverloaded() && !parts.store().state().isOverloaded();
  }

  private void begin(Replica replica, Call call) {
    if (call.request().hasSplitShard()) {
      new SplitOperation(replica, call, parts.cluster()).start();
    } else if (call.request().hasChangeReplicas()) {
      new ChangeReplicasOperation(replica, call, parts).start();
    } else if (call.request().hasPlacement()) {
      placement(replica, call);
    } else if (call.request().hasSplitKeys()) {
      replica.meter().size().splitKeys(call);
    } else {
      replica.call(call);
    }
  }

  private void placement(Replica system, Call call) {
    SystemShard here = systemShard;
    if (here == null || here.replica() != system) {
      call.reply(system.notLeader());
    } else {
      here.calls().accept(call);
    }
  }

  private @Nullable Replica find(Request request) {
    long shardId = request.getContext().getShardId();
    if (request.hasGetCatalog() || request.hasCatalogUpdate() || request.hasPlacement()) {
      shardId = ShardDescriptor.SYSTEM_SHARD_ID;
    } else if (request.hasTransferLeader()) {
      shardId = request.getTransferLeader().getShardId();
    } else if (request.hasChangeReplicas()) {
      shardId = request.getChangeReplicas().getShardId();
    } else if (request.hasSplitKeys()) {
      shardId = request.getSplitKeys().getShardId();
    } else if (shardId == ShardDescriptor.SYSTEM_SHARD_ID) {
      return null; // callers may name any shard, but no keys are in this one
    }
    return replicas.get(shardId);
  }

  private long deadline(Request request) {
    int millis = request.getContext().getTimeoutMillis();
    return parts.clock().nanos()
        + TimeUnit.MILLISECONDS.toNanos(millis == 0 ? Limits.DEFAULT_TIMEOUT_MILLIS : millis);
  }

  /** Asks all leaders here to let others lead, before a stop; whoever cannot goes on leading. */
  public void giveLeadershipAway() {
    for (Replica replica : replicas.values()) {
      replica
          .loop()
          .enqueue(
              () -> {
                if (replica.isLeader()) {
                  var unused = replica.giveLeadershipAway(Set.of());
                }
              });
    }
  }

  /** Ends ticks and loops. What is in the journal is durable; the rest was not acknowledged. */
  @Override
  public void close() {
    stopTicks.run();
    loops.forEach(ShardLoop::close);
    parts.transport().close();
  }
}
