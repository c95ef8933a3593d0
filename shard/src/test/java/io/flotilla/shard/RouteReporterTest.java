package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.CatalogUpdateReply;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.support.Shards;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RouteReporterTest {
  private final List<List<Route>> sent = new ArrayList<>();
  private final Deque<CompletableFuture<Reply>> open = new ArrayDeque<>();
  private final RouteReporter reporter = new RouteReporter(this::dispatch);

  private CompletableFuture<Reply> dispatch(Request request) {
    sent.add(request.getCatalogUpdate().getReportRoutes().getRoutesList());
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    open.add(reply);
    return reply;
  }

  private static Route route(long shardId, long term) {
    return Descriptors.route(Shards.of(shardId, KeyRange.ALL, 1), 1, term);
  }

  private void succeed() {
    open.remove()
        .complete(
            Reply.newBuilder().setCatalogUpdate(CatalogUpdateReply.getDefaultInstance()).build());
  }

  @Test
  void nothingIsSentWhenNothingChanged() {
    reporter.send();
    reporter.changed(route(1, 5));
    reporter.send();

    assertThat(sent).as("the catalog knows where the catalog is").isEmpty();
  }

  @Test
  void changesOfOneTickLeaveTogetherNewestOnly() {
    reporter.changed(route(3, 1));
    reporter.changed(route(2, 1));
    reporter.changed(route(3, 2));
    reporter.send();

    assertThat(sent).containsExactly(List.of(route(2, 1), route(3, 2)));
    succeed();
    reporter.send();
    assertThat(sent).hasSize(1);
  }

  @Test
  void oneReportAtATime() {
    reporter.changed(route(2, 1));
    reporter.send();
    reporter.changed(route(3, 1));
    reporter.send();
    assertThat(sent).hasSize(1);

    succeed();
    assertThat(sent).as("leaves with the next tick").hasSize(1);
    reporter.send();

    assertThat(sent).containsExactly(List.of(route(2, 1)), List.of(route(3, 1)));
  }

  @Test
  void whatWasNotDeliveredIsSentAgainUnlessItIsOld() {
    reporter.changed(route(2, 1));
    reporter.changed(route(3, 1));
    reporter.send();
    reporter.changed(route(3, 2));

    open.remove().complete(Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "no catalog"));
    reporter.send();
    assertThat(sent.get(1)).containsExactly(route(2, 1), route(3, 2));

    open.remove().completeExceptionally(new IllegalStateException("closed"));
    reporter.send();
    assertThat(sent.get(2)).containsExactly(route(2, 1), route(3, 2));
  }

  @Test
  void reportIsBounded() {
    for (int shard = 2; shard <= 1_002; shard++) {
      reporter.changed(route(shard, 1));
    }
    reporter.send();
    succeed();
    reporter.send();

    assertThat(sent).extracting(List::size).containsExactly(1_000, 1);
  }
}
