package io.flotilla.sim;

import io.flotilla.contract.v1.CancelOperationRequest;
import io.flotilla.contract.v1.ListOperationsRequest;
import io.flotilla.contract.v1.MoveReplicaRequest;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ScatterRequest;
import io.flotilla.contract.v1.SetNodeModeRequest;
import io.flotilla.router.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** What an operator asks of the placement: moves, drains, and taking back what was begun. */
final class PlacementOrders {
  private final Router operator;
  private final SplittableRandom random;
  private final BiConsumer<Request.Builder, String> order;
  private List<Operation> underWay = List.of();
  private long draining;

  /**
   * Orders of one operator.
   *
   * @param order carries one out, under a name
   */
  PlacementOrders(
      Router operator, SplittableRandom random, BiConsumer<Request.Builder, String> order) {
    this.operator = operator;
    this.random = random;
    this.order = order;
  }

  /** One order; false if there is nothing to order. */
  boolean next() {
    List<Route> routes = operator.routes().table().snapshot().allRoutes();
    if (routes.isEmpty()) {
      return false;
    }
    look();
    switch (random.nextInt(6)) {
      case 0 -> drainOrNot();
      case 1 -> cancel();
      case 2 ->
          give(
              PlacementRequest.newBuilder().setScatter(ScatterRequest.getDefaultInstance()),
              "scatter of all");
      default -> move(routes.get(random.nextInt(routes.size())));
    }
    return true;
  }

  private void look() {
    Request question =
        Request.newBuilder()
            .setPlacement(
                PlacementRequest.newBuilder()
                    .setListOperations(ListOperationsRequest.getDefaultInstance()))
            .build();
    var unused = operator.dispatcher().dispatch(question).thenAccept(this::seen);
  }

  private void seen(Reply reply) {
    if (reply.hasPlacement()) {
      underWay = reply.getPlacement().getOperations().getOperationsList();
    }
  }

  private void drainOrNot() {
    List<Long> nodes =
        operator.routes().directory().nodes().stream().map(node -> node.getNodeId()).toList();
    if (draining != 0 || nodes.isEmpty()) {
      undrain();
      return;
    }
    draining = nodes.get(random.nextInt(nodes.size()));
    mode(draining, NodeMode.NODE_MODE_DRAINING, "drain");
  }

  /** Everything may hold replicas again. */
  void undrain() {
    if (draining != 0) {
      mode(draining, NodeMode.NODE_MODE_ACTIVE, "undrain");
      draining = 0;
    }
  }

  private void mode(long node, NodeMode mode, String name) {
    give(
        PlacementRequest.newBuilder()
            .setSetNodeMode(SetNodeModeRequest.newBuilder().setNodeId(node).setMode(mode)),
        name + " of node " + node);
  }

  private void cancel() {
    if (!underWay.isEmpty()) {
      long id = underWay.get(random.nextInt(underWay.size())).getOperationId();
      give(
          PlacementRequest.newBuilder()
              .setCancelOperation(CancelOperationRequest.newBuilder().setOperationId(id)),
          "cancel of " + id);
    }
  }

  private void move(Route route) {
    List<Long> voters = new ArrayList<>();
    for (Replica replica : route.getShard().getReplicasList()) {
      if (replica.getRole() == ReplicaRole.REPLICA_ROLE_VOTER) {
        voters.add(replica.getNodeId());
      }
    }
    List<Long> spare = new ArrayList<>();
    operator.routes().directory().nodes().forEach(node -> spare.add(node.getNodeId()));
    spare.removeAll(voters);
    if (!voters.isEmpty() && !spare.isEmpty()) {
      long from = voters.get(random.nextInt(voters.size()));
      long to = spare.get(random.nextInt(spare.size()));
      give(
          PlacementRequest.newBuilder()
              .setMoveReplica(
                  MoveReplicaRequest.newBuilder()
                      .setShardId(route.getShard().getShardId())
                      .setFromNodeId(from)
                      .setToNodeId(to)),
          "move of shard " + route.getShard().getShardId() + " from " + from + " to " + to);
    }
  }

  private void give(PlacementRequest.Builder request, String what) {
    order.accept(Request.newBuilder().setPlacement(request), what);
  }
}
