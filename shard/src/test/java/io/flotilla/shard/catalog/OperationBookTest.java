package io.flotilla.shard.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.CancelOperation;
import io.flotilla.contract.v1.CatalogUpdateRequest;
import io.flotilla.contract.v1.EndOperation;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.NodeMode;
import io.flotilla.contract.v1.Operation;
import io.flotilla.contract.v1.OperationState;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.RangeRule;
import io.flotilla.contract.v1.RemoveNodeRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.SetNodeMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operations, modes of nodes and rules, as the catalog keeps them. */
class OperationBookTest {
  private static final long SHARD = 2;

  private final TestCatalog catalog = new TestCatalog();
  private final long fourth = catalog.register(TestCatalog.node("late")).getCatalogUpdate().getId();

  private Reply begin(long from, long to) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setBeginOperation(
                Operation.newBuilder()
                    .setShardId(SHARD)
                    .setFromNodeId(from)
                    .setToNodeId(to)
                    .setMembershipVersion(1)));
  }

  private long begun(long from, long to) {
    Reply reply = begin(from, to);
    assertThat(reply.hasCatalogUpdate()).as(reply.toString()).isTrue();
    return reply.getCatalogUpdate().getId();
  }

  private Reply end(long id, long fence, OperationState state) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setEndOperation(
                EndOperation.newBuilder().setOperationId(id).setFence(fence).setState(state)));
  }

  private Reply cancel(long id) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setCancelOperation(CancelOperation.newBuilder().setOperationId(id).setNote("why")));
  }

  private Reply mode(long node, NodeMode mode) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setSetNodeMode(SetNodeMode.newBuilder().setNodeId(node).setMode(mode)));
  }

  private static void assertRefused(Reply reply, String reason) {
    assertThat(reply.getError().getMessage()).contains(reason);
  }

  @Test
  void operationIsKeptUntilItEndsAndAWhileAfter() {
    long id = begun(1, fourth);
    catalog.flushAndReopen();

    assertThat(catalog.machine().operationsUnderWay())
        .extracting(Operation::getOperationId)
        .containsExactly(id);
    assertThat(end(id, id, OperationState.OPERATION_STATE_DONE).hasError()).isFalse();
    catalog.flushAndReopen();
    assertThat(catalog.machine().operationsUnderWay()).isEmpty();
    assertThat(catalog.machine().operations())
        .extracting(Operation::getState)
        .containsExactly(OperationState.OPERATION_STATE_DONE);
  }

  @Test
  void shardHasOneOperationAtATime_M13() {
    long id = begun(1, fourth);

    assertRefused(begin(2, fourth), "operation " + id + " of shard 2 is under way");
  }

  @Test
  void whatIsTakenBackHasAnotherFence() {
    long id = begun(1, fourth);
    cancel(id);
    Operation cancelling = catalog.machine().operationsUnderWay().get(0);

    assertThat(cancelling.getFence()).isGreaterThan(id);
    assertThat(cancelling.getNote()).isEqualTo("why");
    assertRefused(end(id, id, OperationState.OPERATION_STATE_DONE), "another fence");
    cancel(id);
    assertThat(catalog.machine().operationsUnderWay()).containsExactly(cancelling);
    end(id, cancelling.getFence(), OperationState.OPERATION_STATE_CANCELLED);
    assertRefused(cancel(id), "no operation " + id + " is under way");
  }

  @Test
  void operationThatDoesNotFitIsRefused() {
    assertRefused(begin(1, 1), "from one node to another");
    assertRefused(begin(fourth, 1), "no replica on node " + fourth);
    assertRefused(begin(1, 2), "has a replica on node 2 already");
    assertRefused(begin(1, 77), "there is no node 77");
    mode(fourth, NodeMode.NODE_MODE_DRAINING);
    assertRefused(begin(1, fourth), "drains");
    Reply stale =
        catalog.update(
            CatalogUpdateRequest.newBuilder()
                .setBeginOperation(
                    Operation.newBuilder().setShardId(SHARD).setFromNodeId(1).setToNodeId(fourth)));
    assertRefused(stale, "the membership of shard 2 has changed");
  }

  @Test
  void nodeOfAnOperationIsNotRemoved() {
    long id = begun(1, fourth);

    Reply removal =
        catalog.update(
            CatalogUpdateRequest.newBuilder()
                .setRemoveNode(RemoveNodeRequest.newBuilder().setNodeId(fourth)));

    assertThat(removal.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
    assertRefused(removal, "operation " + id);
  }

  @Test
  void modeOfANodeOutlivesItsNextStart() {
    mode(fourth, NodeMode.NODE_MODE_DRAINING);

    catalog.register(TestCatalog.node("late"));
    catalog.flushAndReopen();

    assertThat(catalog.machine().nodes())
        .filteredOn(node -> node.getNodeId() == fourth)
        .allMatch(node -> node.getMode() == NodeMode.NODE_MODE_DRAINING);
    assertRefused(mode(77, NodeMode.NODE_MODE_ACTIVE), "there is no node 77");
  }

  private static RangeRule rule(String from, String to, int replicas) {
    return RangeRule.newBuilder()
        .setRange(
            KeyRange.newBuilder()
                .setStart(ByteString.copyFromUtf8(from))
                .setEnd(ByteString.copyFromUtf8(to)))
        .setReplicas(replicas)
        .build();
  }

  private Reply rules(int replicas, RangeRule... ranges) {
    return catalog.update(
        CatalogUpdateRequest.newBuilder()
            .setSetRules(
                PlacementRules.newBuilder().setReplicas(replicas).addAllRanges(List.of(ranges))));
  }

  @Test
  void rulesAreCheckedAndKept() {
    assertRefused(rules(0), "replicas is 0");
    assertRefused(rules(8), "replicas is 8");
    assertRefused(rules(3, rule("b", "a", 1)), "ranges[0]: the range is empty");
    assertRefused(rules(3, rule("a", "c", 1), rule("b", "d", 1)), "ranges[1]: the range overlaps");
    assertThat(rules(5, rule("a", "c", 1)).hasError()).isFalse();
    catalog.flushAndReopen();

    assertThat(catalog.machine().rules().getReplicas()).isEqualTo(5);
    assertThat(Rules.replicas(catalog.machine().rules(), TestCatalog.FIRST_USER)).isEqualTo(5);
    assertThat(Rules.replicas(catalog.machine().rules(), TestCatalog.SYSTEM)).isEqualTo(5);
  }
}
