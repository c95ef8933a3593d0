package io.flotilla.shard;

import io.flotilla.contract.v1.CancelOperation;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.ChangeReplicasRequest;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.EndOperation;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.ReplicaChange;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.shard.catalog.CatalogStateMachine;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Carries out the operations of the catalog, where the system shard is led. Confined to its loop;
 * answers come back there.
 *
 * <p>An operation has one step under way at most. What it does next depends on the shard alone
 * ({@link OperationStep}); what is remembered here, such as a descriptor that is newer than the
 * catalog's, only saves time. So whoever leads next goes on without being told anything.
 */
final class OperationRunner {
  private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
  private static final int STEP_TIMEOUT_MILLIS = 5_000;

  private static final class UnderWay {
    boolean busy;
    long fenced;
    @Nullable ShardDescriptor newest;
  }

  private final HostParts parts;
  private final NodeWatch nodes;
  private final Executor loop;
  private final Runnable whenDone;
  private final Map<Long, UnderWay> underWay = new TreeMap<>();

  /**
   * Knows of no operation yet.
   *
   * @param whenDone runs in the loop when a step has been done, so that the next need not wait
   */
  OperationRunner(HostParts parts, NodeWatch nodes, Executor loop, Runnable whenDone) {
    this.parts = parts;
    this.nodes = nodes;
    this.loop = loop;
    this.whenDone = whenDone;
  }

  void reset() {
    underWay.clear();
  }

  /** Lets every operation that may do its next step begin it. */
  void advance(CatalogStateMachine catalog) {
    List<Operation> operations = catalog.operationsUnderWay();
    Set<Long> ids = operations.stream().map(Operation::getOperationId).collect(Collectors.toSet());
    underWay.keySet().retainAll(ids);
    Turn turn = new Turn();
    for (Operation operation : operations) {
      Optional<ShardDescriptor> known = catalog.shard(operation.getShardId());
      if (known.isPresent() && turn.admits(operation, known.get())) {
        advance(operation, known.get(), catalog.nodes());
      }
    }
  }

  /** The oldest operations have their turn, those that have placed a replica above all. */
  private final class Turn {
    private final Map<Long, Integer> concerned = new TreeMap<>();
    private int admitted;

    boolean admits(Operation operation, ShardDescriptor shard) {
      SchedulerConfig config = parts.config().scheduler();
      Set<Long> ends = new HashSet<>(List.of(operation.getToNodeId(), operation.getFromNodeId()));
      ends.remove(0L);
      boolean room =
          admitted < config.movesAtOnce()
              && ends.stream().allMatch(n -> concerned.getOrDefault(n, 0) < config.movesPerNode());
      boolean begun =
          shard.replicaOn(operation.getToNodeId()).isPresent()
              || operation.getState() == OperationState.OPERATION_STATE_CANCELLING;
      if (room || begun) {
        admitted++;
        ends.forEach(node -> concerned.merge(node, 1, Integer::sum));
      }
      return room || begun;
    }
  }

  private void advance(Operation operation, ShardDescriptor known, List<NodeInfo> members) {
    UnderWay state = underWay.computeIfAbsent(operation.getOperationId(), id -> new UnderWay());
    if (state.busy) {
      return;
    }
    ShardDescriptor shard = newer(known, state.newest);
    String hopeless = whyHopeless(operation, shard, members);
    if (!hopeless.isEmpty()) {
      takeBack(operation, state, hopeless);
      return;
    }
    OperationStep step = OperationStep.of(operation, shard, state.fenced == operation.getFence());
    if (step instanceof OperationStep.Change change) {
      change(operation, state, change.changes());
    } else if (step instanceof OperationStep.End end) {
      end(operation, state, end.state());
    }
  }

  private static ShardDescriptor newer(ShardDescriptor known, @Nullable ShardDescriptor heard) {
    return heard != null && heard.epoch().membershipVersion() > known.epoch().membershipVersion()
        ? heard
        : known;
  }

  /** A new replica that cannot come to be holds up the shard's next operation. */
  private String whyHopeless(Operation operation, ShardDescriptor shard, List<NodeInfo> members) {
    long to = operation.getToNodeId();
    boolean voter = shard.replicaOn(to).filter(replica -> replica.staysVoter()).isPresent();
    if (to == 0 || voter || operation.getState() != OperationState.OPERATION_STATE_RUNNING) {
      return "";
    }
    Optional<NodeInfo> target = members.stream().filter(n -> n.getNodeId() == to).findFirst();
    if (target.isEmpty() || target.get().getMode() == NodeMode.NODE_MODE_LOST) {
      return "node " + to + " is gone";
    }
    long patience = TimeUnit.MILLISECONDS.toNanos(parts.config().scheduler().giveUpMillis());
    boolean silent = nodes.silentNanos(to).filter(nanos -> nanos >= patience).isPresent();
    return silent ? "node " + to + " does not answer" : "";
  }

  private void change(Operation operation, UnderWay state, List<ReplicaChange> changes) {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setTimeoutMillis(STEP_TIMEOUT_MILLIS))
            .setChangeReplicas(
                ChangeReplicasRequest.newBuilder()
                    .setShardId(operation.getShardId())
                    .addAllChanges(changes)
                    .setExpectedMembershipVersion(expectedVersion(operation))
                    .setFence(operation.getFence()))
            .build();
    ask(state, request, reply -> changed(operation, state, reply));
  }

  /**
   * A replica that only goes may be needed by now if the membership is not what it was when that
   * was decided. A move takes nothing away.
   */
  private static long expectedVersion(Operation operation) {
    boolean onlyGoes =
        operation.getToNodeId() == 0
            && operation.getState() == OperationState.OPERATION_STATE_RUNNING;
    return onlyGoes ? operation.getMembershipVersion() : 0;
  }

  private void changed(Operation operation, UnderWay state, Reply reply) {
    if (reply.hasError()) {
      about(LOG.atDebug(), operation).log("{}", reply.getError().getMessage());
    }
    if (reply.hasChangeReplicas()) {
      state.newest = Descriptors.fromProto(reply.getChangeReplicas().getShard());
      state.fenced = operation.getFence();
    } else if (reply.getError().getOutcome() == Outcome.OUTCOME_REJECTED) {
      takeBack(operation, state, reply.getError().getMessage());
    }
  }

  /** Nothing comes of it: the shard goes back to how it was. */
  private void takeBack(Operation operation, UnderWay state, String why) {
    if (operation.getState() != OperationState.OPERATION_STATE_RUNNING || state.busy) {
      return; // it is taken back already, and is tried again
    }
    about(LOG.atInfo(), operation).log("is taken back: {}", why);
    update(
        state,
        CatalogUpdateRequest.newBuilder()
            .setCancelOperation(
                CancelOperation.newBuilder()
                    .setOperationId(operation.getOperationId())
                    .setNote(why))
            .build());
  }

  private void end(Operation operation, UnderWay state, OperationState how) {
    about(LOG.atInfo(), operation).log("has ended: {}", how);
    update(
        state,
        CatalogUpdateRequest.newBuilder()
            .setEndOperation(
                EndOperation.newBuilder()
                    .setOperationId(operation.getOperationId())
                    .setFence(operation.getFence())
                    .setState(how))
            .build());
  }

  private void update(UnderWay state, CatalogUpdateRequest update) {
    Request request =
        Request.newBuilder()
            .setContext(Context.newBuilder().setTimeoutMillis(STEP_TIMEOUT_MILLIS))
            .setCatalogUpdate(update)
            .build();
    ask(state, request, reply -> {});
  }

  private void ask(UnderWay state, Request request, Consumer<Reply> onReply) {
    state.busy = true;
    var unused =
        parts
            .cluster()
            .apply(request)
            .whenComplete(
                (reply, failure) ->
                    loop.execute(
                        () -> {
                          state.busy = false;
                          if (reply != null) {
                            onReply.accept(reply);
                            if (!reply.hasError()) {
                              whenDone.run();
                            }
                          }
                        }));
  }

  private static LoggingEventBuilder about(LoggingEventBuilder event, Operation operation) {
    return event
        .addKeyValue("operation", operation.getOperationId())
        .addKeyValue("shard", operation.getShardId());
  }
}
