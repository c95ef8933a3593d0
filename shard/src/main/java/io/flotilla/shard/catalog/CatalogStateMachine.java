package io.flotilla.shard.catalog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.flotilla.contract.v1.CancelOperation;
import io.flotilla.contract.v1.CatalogUpdateReply;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.EndOperation;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReserveReplicas;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.SetNodeMode;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.internal.v1.ReplicaRow;
import io.flotilla.internal.v1.ReservationRow;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.KeySpace;
import io.flotilla.shard.kv.Limits;
import io.flotilla.shard.kv.StateMachine;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The catalog. Rows, under the system tag: {@code I} → the next id, {@code R} → PlacementRules, and
 * those of {@link NodeBook}, {@link RouteBook}, {@link Reservations} and {@link OperationBook}.
 */
public final class CatalogStateMachine implements StateMachine {
  /** Ids below are those of the bootstrap. */
  public static final long FIRST_ALLOCATED_ID = 1_000;

  private static final int MAX_IDS_AT_ONCE = 10_000;
  private static final char RULES = 'R';
  private static final Payload NEXT_ID_ROW = KeySpace.systemRow(Payload.utf8("I"));
  private static final Payload RULES_ROW = KeySpace.systemRow(Payload.utf8("R"));

  private final ReplicaState rows;
  private final ByteString clusterId;
  private final NodeBook nodes;
  private final RouteBook routes;
  private final Reservations reservations;
  private final OperationBook operations;
  private PlacementRules rules = Rules.DEFAULT;
  private ShardDescriptor descriptor;
  private long nextId;
  private long version;

  /**
   * The catalog as it was flushed.
   *
   * @param clusterId goes into every answer
   * @param rows the system replica's rows
   * @param row the system replica's row
   */
  public CatalogStateMachine(Payload clusterId, ReplicaState rows, ReplicaRow row) {
    this.rows = rows;
    this.clusterId = Descriptors.bytes(clusterId);
    this.descriptor = Descriptors.fromProto(row.getShard());
    this.version = row.getLastRevision();
    Payload stored = rows.get(Table.DATA, NEXT_ID_ROW);
    this.nextId = stored == null ? FIRST_ALLOCATED_ID : stored.asReadOnlyByteBuffer().getLong();
    this.nodes = new NodeBook(rows);
    this.routes = new RouteBook(rows);
    this.reservations = new Reservations(rows);
    this.operations = new OperationBook(rows);
    rows.scan(KeySpace.rows(descriptor.shardId(), KeyRange.ALL), false, this::load);
    routes.loaded();
    operations.loaded();
  }

  /**
   * Writes the rows of a new cluster. Every replica of the bootstrap writes the same ones before it
   * starts, so they need no log entry.
   */
  public static void seed(
      ReplicaState rows, List<NodeInfo> nodes, List<ShardDescriptor> shards, PlacementRules rules) {
    nodes.forEach(node -> NodeBook.seed(rows, node));
    rows.put(Table.DATA, RULES_ROW, encode(rules));
    for (ShardDescriptor shard : shards) {
      if (!shard.isSystem()) {
        RouteBook.seed(rows, Descriptors.route(shard, 0, 0));
      }
    }
  }

  private boolean load(Payload rowKey, Payload value) {
    try {
      switch (rowKey.at(1)) {
        case NodeBook.MEMBER -> nodes.load(NodeInfo.parseFrom(value.asReadOnlyByteBuffer()));
        case NodeBook.REMOVED ->
            nodes.loadRemoved(NodeInfo.parseFrom(value.asReadOnlyByteBuffer()));
        case OperationBook.ROW ->
            operations.load(Operation.parseFrom(value.asReadOnlyByteBuffer()));
        case RULES -> rules = PlacementRules.parseFrom(value.asReadOnlyByteBuffer());
        case Reservations.ROW ->
            reservations.load(
                rowKey.asReadOnlyByteBuffer().getLong(2),
                ReservationRow.parseFrom(value.asReadOnlyByteBuffer()));
        case RouteBook.NEWEST -> routes.loadNewest(Route.parseFrom(value.asReadOnlyByteBuffer()));
        case RouteBook.HIDING -> routes.loadHiding(Route.parseFrom(value.asReadOnlyByteBuffer()));
        default -> {}
      }
      return true;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a row of the catalog cannot be read", e);
    }
  }

  static Payload row(char kind, long id) {
    return KeySpace.systemRow(
        Payload.of(ByteBuffer.allocate(9).put((byte) kind).putLong(id).array()));
  }

  static Payload encode(MessageLite message) {
    return Payload.of(message.toByteArray());
  }

  @Override
  public ShardDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public long lastRevision() {
    return version;
  }

  @Override
  public void descriptorChanged(ShardDescriptor changed) {
    descriptor = changed;
    reservations.settle(Descriptors.toProto(changed)); // nobody reports the system shard
  }

  @Override
  public Optional<SplitResult> takeSplit() {
    return Optional.empty();
  }

  @Override
  public void saveToRows() {}

  @Override
  public void fillRow(ReplicaRow.Builder row) {
    row.setShard(Descriptors.toProto(descriptor)).setLastRevision(version);
  }

  @Override
  public List<Reply> apply(CommandBatch batch) {
    List<Reply> replies = new ArrayList<>(batch.getCommandsCount());
    for (Command command : batch.getCommandsList()) {
      if (command.getKindCase() != Command.KindCase.CATALOG_UPDATE) {
        throw new IllegalStateException("not a catalog command: " + command.getKindCase());
      }
      version++;
      replies.add(apply(command.getCatalogUpdate(), batch.getStamp()));
    }
    return replies;
  }

  private Reply apply(CatalogUpdateRequest update, long stamp) {
    return switch (update.getUpdateCase()) {
      case REGISTER_NODE -> register(update.getRegisterNode());
      case ALLOCATE_IDS -> allocate(Integer.toUnsignedLong(update.getAllocateIds()));
      case REPORT_ROUTES -> {
        update.getReportRoutes().getRoutesList().forEach(this::report);
        yield done(0);
      }
      case REMOVE_NODE -> remove(update.getRemoveNode().getNodeId(), stamp);
      case RESERVE_REPLICAS -> reserve(update.getReserveReplicas(), stamp);
      case BEGIN_OPERATION -> begin(update.getBeginOperation(), stamp);
      case CANCEL_OPERATION -> cancel(update.getCancelOperation());
      case END_OPERATION -> end(update.getEndOperation(), stamp);
      case SET_NODE_MODE -> setMode(update.getSetNodeMode());
      case SET_RULES -> setRules(update.getSetRules());
      case UPDATE_NOT_SET -> Failures.invalid("the catalog update is of a kind not known here");
    };
  }

  private Reply done(long id) {
    return Reply.newBuilder()
        .setCatalogUpdate(CatalogUpdateReply.newBuilder().setId(id).setVersion(version))
        .build();
  }

  private Reply register(NodeInfo asked) {
    Reply refusal = nodes.refusal(asked);
    return refusal == null
        ? done(nodes.known(asked).orElseGet(() -> nodes.add(asked, takeIds(1))))
        : refusal;
  }

  static Reply refuse(String message) {
    return Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, message);
  }

  /** A removed store may hold votes and entries that others count on no more: it never returns. */
  private Reply remove(long nodeId, long stamp) {
    if (!nodes.contains(nodeId)) {
      return nodes.isRemoved(nodeId) ? done(nodeId) : NodeBook.notFound(nodeId);
    }
    List<Long> holding = new ArrayList<>(routes.shardsOn(nodeId));
    if (descriptor.replicaOn(nodeId).isPresent()) {
      holding.add(0, descriptor.shardId());
    }
    if (!holding.isEmpty()) {
      return refuse(
          "node %d still has replicas of %d shards, the first of shard %d: move them away before"
              .formatted(nodeId, holding.size(), holding.get(0)));
    }
    OptionalLong placing = reservations.shardFor(nodeId, stamp);
    if (placing.isPresent()) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_UNAVAILABLE,
          "shard %d may be about to place a replica on node %d: look at it, and try again"
              .formatted(placing.getAsLong(), nodeId));
    }
    Optional<Operation> operation = operations.ofNode(nodeId);
    if (operation.isPresent()) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_UNAVAILABLE,
          "operation %d concerns node %d: wait for its end"
              .formatted(operation.get().getOperationId(), nodeId));
    }
    nodes.remove(nodeId);
    return done(nodeId);
  }

  /** The newest descriptor of a shard as the catalog knows it. */
  public Optional<ShardDescriptor> shard(long shardId) {
    return shardId == descriptor.shardId()
        ? Optional.of(descriptor)
        : routes.newestOf(Set.of(shardId)).stream()
            .map(route -> Descriptors.fromProto(route.getShard()))
            .findFirst();
  }

  private Reply begin(Operation asked, long stamp) {
    Optional<ShardDescriptor> shard = shard(asked.getShardId());
    if (shard.isEmpty()) {
      return Failures.rejected(
          ErrorCode.ERROR_CODE_NOT_FOUND, "there is no shard " + asked.getShardId());
    }
    String misfit = misfit(asked, shard.get());
    if (!misfit.isEmpty()) {
      return refuse(misfit);
    }
    Reply refusal = operations.refusal(asked.getShardId());
    if (refusal != null) {
      return refusal;
    }
    long id = takeIds(1);
    operations.begin(asked, id, stamp);
    return done(id);
  }

  private String misfit(Operation asked, ShardDescriptor shard) {
    long from = asked.getFromNodeId();
    long to = asked.getToNodeId();
    if (from == to) {
      return "an operation moves a replica from one node to another one";
    }
    if (asked.getMembershipVersion() != shard.epoch().membershipVersion()) {
      return "the membership of shard %d has changed: look at it again".formatted(shard.shardId());
    }
    if (from != 0 && shard.replicaOn(from).isEmpty()) {
      return "shard %d has no replica on node %d".formatted(shard.shardId(), from);
    }
    if (to != 0) {
      boolean votes = shard.replicaOn(to).filter(ReplicaDescriptor::staysVoter).isPresent();
      return votes
          ? "shard %d has a replica on node %d already".formatted(shard.shardId(), to)
          : nodes.whyNotReceiving(to);
    }
    return "";
  }

  private Reply cancel(CancelOperation request) {
    return operations.cancel(request, () -> takeIds(1), done(request.getOperationId()));
  }

  private Reply end(EndOperation request, long stamp) {
    return switch (request.getState()) {
      case OPERATION_STATE_DONE, OPERATION_STATE_CANCELLED ->
          operations.end(request, stamp, done(request.getOperationId()));
      default -> Failures.invalid("an operation ends done or cancelled");
    };
  }

  private Reply setMode(SetNodeMode request) {
    return nodes.setMode(request.getNodeId(), request.getMode())
        ? done(request.getNodeId())
        : NodeBook.notFound(request.getNodeId());
  }

  private Reply setRules(PlacementRules wanted) {
    String fault = Rules.fault(wanted);
    if (!fault.isEmpty()) {
      return Failures.invalid(fault);
    }
    rules = wanted;
    rows.put(Table.DATA, RULES_ROW, encode(wanted));
    return done(0);
  }

  private void report(Route route) {
    routes.report(route);
    reservations.settle(route.getShard());
  }

  private Reply reserve(ReserveReplicas request, long stamp) {
    int count = request.getNodeIdsCount();
    if (count == 0 || count > Limits.MAX_REPLICA_CHANGES) {
      return Failures.invalid("node_ids has " + count + ", 1 to " + Limits.MAX_REPLICA_CHANGES);
    }
    for (long node : request.getNodeIdsList()) {
      if (!nodes.contains(node)) {
        return NodeBook.notFound(node);
      }
    }
    long first = takeIds(count);
    reservations.reserve(request, first, stamp);
    return done(first);
  }

  private Reply allocate(long count) {
    return count == 0 || count > MAX_IDS_AT_ONCE
        ? Failures.invalid("allocate_ids is " + count + ", 1 to " + MAX_IDS_AT_ONCE)
        : done(takeIds(count));
  }

  private long takeIds(long count) {
    long first = nextId;
    nextId += count;
    rows.put(Table.DATA, NEXT_ID_ROW, Payload.of(ByteBuffer.allocate(8).putLong(nextId).array()));
    return first;
  }

  /** The nodes, for the transport. */
  public List<NodeInfo> nodes() {
    return nodes.all();
  }

  public long version() {
    return version;
  }

  /** Operations that are under way, by id. */
  public List<Operation> operationsUnderWay() {
    return operations.underWay();
  }

  /** Operations that are under way and the last that have ended, by id. */
  public List<Operation> operations() {
    return operations.all();
  }

  /** What holds for where replicas are. */
  public PlacementRules rules() {
    return rules;
  }

  /** The user shards in key order, with their leaders as reported last. */
  public List<Route> routes() {
    return routes.shown();
  }

  /**
   * All of it, the system shard first, then routes in key order; marked unchanged if the caller has
   * this version. Or the routes of certain shards alone.
   *
   * @param showsItself whether the system shard's own descriptor may be told: not while a removal
   *     is not confirmed
   */
  public GetCatalogReply read(GetCatalogRequest request, boolean showsItself) {
    GetCatalogReply.Builder reply =
        GetCatalogReply.newBuilder().setVersion(version).setClusterId(clusterId);
    boolean asksForSome = request.getShardIdsCount() > 0;
    if (!asksForSome && request.getKnownVersion() == version && version != 0) {
      return reply.setUnchanged(true).build();
    }
    Set<Long> wanted = Set.copyOf(request.getShardIdsList());
    if (showsItself && (!asksForSome || wanted.contains(descriptor.shardId()))) {
      reply.addRoutes(Descriptors.route(descriptor, 0, 0));
    }
    return asksForSome
        ? reply.addAllRoutes(routes.newestOf(wanted)).build()
        : reply.addAllNodes(nodes.all()).addAllRoutes(routes.shown()).build();
  }
}
