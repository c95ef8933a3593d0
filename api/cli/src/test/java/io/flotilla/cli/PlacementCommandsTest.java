package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.NodeMode;
import io.flotilla.client.Operation;
import io.flotilla.client.OperationState;
import io.flotilla.client.PlacementRules.RangeRule;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementCommandsTest {
  private final ToolRun tool = new ToolRun();

  @Test
  void moveWaitsForItsEnd() {
    assertThat(tool.run("shard", "move", "2", "--from", "1", "--to", "3")).isZero();

    assertThat(tool.out()).isEqualTo("shard 2 has moved from node 1 to node 3\n");
    assertThat(tool.cluster.placement.operations.values())
        .extracting(Operation::state)
        .containsExactly(OperationState.DONE);
  }

  @Test
  void moveThatIsTakenBackFailsWithItsReason() {
    tool.cluster.placement.end = OperationState.CANCELLED;

    assertThat(tool.run("shard", "move", "2", "--from", "1", "--to", "3")).isEqualTo(1);

    assertThat(tool.err()).contains("operation 1000 was taken back: node 3 does not answer");
  }

  @Test
  void moveWithoutWaitingNamesItsOperation() {
    assertThat(
            tool.run(
                "shard", "move", "2", "--from", "1", "--to", "3", "--no-wait", "--output", "json"))
        .isZero();

    assertThat(tool.out()).isEqualTo("{\"shard_id\":2,\"operation_id\":1000,\"done\":false}\n");
  }

  @Test
  void dryRunShowsThePlanAndDoesNothing() {
    assertThat(tool.run("shard", "move", "2", "--from", "1", "--to", "3", "--dry-run")).isZero();

    assertThat(tool.out())
        .contains("SHARD  FROM  TO      BYTES  OPERATION  CAUSE")
        .contains("2     1   3  128.0 MiB             request")
        .endsWith("1 move, 128.0 MiB to copy, 2.0 s at least; nothing was done\n");
    assertThat(tool.cluster.placement.operations).isEmpty();
  }

  @Test
  void moveToWhereItComesFromIsAUsageError() {
    assertThat(tool.run("shard", "move", "2", "--from", "1", "--to", "1")).isEqualTo(2);

    assertThat(tool.err()).contains("--to '1' is where the replica is moved from");
  }

  @Test
  void scatterGoesOnUntilNothingIsLeftToMove() {
    assertThat(tool.run("shard", "scatter")).isZero();

    assertThat(tool.cluster.placement.operations).hasSize(1);
  }

  @Test
  void whySaysWhatTheSchedulerWants() {
    assertThat(tool.run("shard", "why", "2")).isZero();

    assertThat(tool.out()).isEqualTo("shard 2: 3 voters on nodes 1, 2, 3, as it should be\n");
  }

  @Test
  void drainOfANodeSaysWhatIsStuck() {
    assertThat(tool.run("node", "drain", "3", "--no-wait")).isZero();

    assertThat(tool.out())
        .contains("stuck: shard 2 should leave node 3 and cannot")
        .endsWith("node 3 drains\n");
    assertThat(tool.cluster.placement.modes).containsEntry(3L, NodeMode.DRAINING);
  }

  @Test
  void dryRunOfADrainChangesNoMode() {
    assertThat(tool.run("node", "drain", "3", "--dry-run", "--output", "json")).isZero();

    assertThat(tool.out()).contains("\"dry_run\":true").contains("\"shard_id\":2");
    assertThat(tool.cluster.placement.modes).isEmpty();
  }

  @Test
  void drainThatDoesNotEndInTimeFailsAndGoesOn() {
    assertThat(tool.run("node", "drain", "3", "--wait", "1ms")).isEqualTo(1);

    assertThat(tool.err()).contains("it goes on by itself");
  }

  @Test
  void undrainLetsTheNodeTakeReplicasAgain() {
    assertThat(tool.run("node", "undrain", "3")).isZero();

    assertThat(tool.cluster.placement.modes).containsEntry(3L, NodeMode.ACTIVE);
  }

  @Test
  void lostNodeIsReplacedWithoutWaitingForIt() {
    assertThat(tool.run("node", "replace", "3", "--lost", "--wait", "1ms")).isEqualTo(1);

    assertThat(tool.cluster.placement.modes).containsEntry(3L, NodeMode.LOST);
  }

  @Test
  void operationsAreListedShownAndTakenBack() {
    tool.run("shard", "move", "2", "--from", "1", "--to", "3", "--no-wait");

    assertThat(tool.run("operation", "list")).isZero();
    assertThat(tool.out()).contains("1000      2     1   3  running  request");
    assertThat(tool.run("operation", "cancel", "1000")).isZero();
    assertThat(tool.out()).isEqualTo("operation 1000 is being taken back\n");
    assertThat(tool.run("operation", "show", "1000", "--output", "json")).isZero();
    assertThat(tool.out()).contains("\"operation_id\":1000").contains("\"progress\":");
    assertThat(tool.run("operation", "show", "7")).isEqualTo(1);
    assertThat(tool.err()).contains("there is no operation 7");
  }

  @Test
  void rebalancingIsSwitched() {
    assertThat(tool.run("rebalance", "off")).isZero();
    assertThat(tool.out()).isEqualTo("rebalancing is off; 0 operations are under way\n");
    assertThat(tool.cluster.placement.rules.rebalance()).isFalse();
    assertThat(tool.run("rebalance", "on", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"rebalance\":true,\"operations\":0}\n");
    assertThat(tool.run("rebalance", "status")).isZero();
    assertThat(tool.out()).contains("rebalancing is on");
  }

  @Test
  void replicasAreSetForAllAndForARange() {
    assertThat(tool.run("replicas", "5")).isZero();
    assertThat(tool.run("replicas", "1", "--from", "a", "--to", "c")).isZero();

    assertThat(tool.out()).isEqualTo("each shard has 5 voting replicas\nfrom a to c: 1\n");
    assertThat(tool.cluster.placement.rules.ranges())
        .containsExactly(
            new RangeRule(new KeyRange(Optional.of(Key.of("a")), Optional.of(Key.of("c"))), 1));
    assertThat(tool.run("replicas", "--from", "a", "--to", "c", "--reset")).isZero();
    assertThat(tool.cluster.placement.rules.ranges()).isEmpty();
    assertThat(tool.run("replicas", "--from", "a", "--to", "c", "--reset")).isEqualTo(1);
    assertThat(tool.err()).contains("nothing was set for this range");
  }

  @Test
  void replicasThatCannotBeAreUsageErrors() {
    assertThat(tool.run("replicas", "8")).isEqualTo(2);
    assertThat(tool.err()).contains("NUMBER '8' is not from 1 to 7");
    assertThat(tool.run("replicas", "--from", "a")).isEqualTo(2);
    assertThat(tool.run("replicas", "--reset")).isEqualTo(2);
  }
}
