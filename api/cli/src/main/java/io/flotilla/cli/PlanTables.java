package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.format.TextTable;
import io.flotilla.client.Operation;
import io.flotilla.client.OperationCause;
import io.flotilla.client.PlacementPlan;
import io.flotilla.client.PlannedMove;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Plans and operations as aligned text and as JSON. Pure functions. */
final class PlanTables {
  private PlanTables() {}

  /** The moves, what is stuck, and a sum. */
  static List<String> plan(PlacementPlan plan, boolean dryRun) {
    List<String> lines = new ArrayList<>();
    if (!plan.moves().isEmpty()) {
      TextTable table =
          new TextTable()
              .right("SHARD")
              .right("FROM")
              .right("TO")
              .right("BYTES")
              .right("OPERATION")
              .left("CAUSE");
      for (PlannedMove move : plan.moves()) {
        table.row(
            move.shardId(),
            node(move.fromNodeId()),
            node(move.toNodeId()),
            NodeTables.bytes(move.bytes()),
            move.operationId() == 0 ? "" : String.valueOf(move.operationId()),
            words(move.cause()));
      }
      lines.addAll(table.lines());
      lines.add("");
    }
    plan.stuck().forEach((shard, text) -> lines.add("stuck: shard " + shard + " " + text));
    lines.add(
        "%d %s, %s to copy, %s at least%s"
            .formatted(
                plan.moves().size(),
                plan.moves().size() == 1 ? "move" : "moves",
                NodeTables.bytes(plan.bytes()),
                Durations.show(plan.estimate()),
                dryRun ? "; nothing was done" : ""));
    return lines;
  }

  static ObjectNode object(PlacementPlan plan, boolean dryRun) {
    ObjectNode object =
        OutputOptions.object()
            .put("dry_run", dryRun)
            .put("bytes", plan.bytes())
            .put("estimate_seconds", plan.estimate().toMillis() / 1000.0);
    ArrayNode moves = object.putArray("moves");
    for (PlannedMove move : plan.moves()) {
      moves
          .addObject()
          .put("shard_id", move.shardId())
          .put("from_node_id", move.fromNodeId())
          .put("to_node_id", move.toNodeId())
          .put("bytes", move.bytes())
          .put("operation_id", move.operationId())
          .put("cause", words(move.cause()));
    }
    ArrayNode stuck = object.putArray("stuck");
    plan.stuck()
        .forEach((shard, text) -> stuck.addObject().put("shard_id", shard).put("reason", text));
    return object;
  }

  /** One line an operation. */
  static List<String> operations(List<Operation> operations) {
    TextTable table =
        new TextTable()
            .right("OPERATION")
            .right("SHARD")
            .right("FROM")
            .right("TO")
            .left("STATE")
            .left("CAUSE")
            .left("BEGAN")
            .left("NOTE");
    for (Operation operation : operations) {
      table.row(
          operation.operationId(),
          operation.shardId(),
          node(operation.fromNodeId()),
          node(operation.toNodeId()),
          words(operation.state()),
          words(operation.cause()),
          operation.began(),
          operation.note());
    }
    return table.lines();
  }

  static ObjectNode object(Operation operation) {
    ObjectNode object =
        OutputOptions.object()
            .put("operation_id", operation.operationId())
            .put("shard_id", operation.shardId())
            .put("from_node_id", operation.fromNodeId())
            .put("to_node_id", operation.toNodeId())
            .put("state", words(operation.state()))
            .put("cause", words(operation.cause()))
            .put("began", operation.began().toString());
    operation.ended().ifPresent(ended -> object.put("ended", ended.toString()));
    return object.put("note", operation.note());
  }

  static String words(OperationCause cause) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String words(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String node(long id) {
    return id == 0 ? "-" : String.valueOf(id);
  }
}
