package io.flotilla.router.gateway;

import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.grpc.Status;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Subscriptions to the route map of a node. */
class RouteWatchTest {
  private static final long SPACING = 100 * FakeNode.MILLIS;
  private static final GatewayConfig CONFIG = new GatewayConfig(4, 10, 1_000, 3, 2, SPACING);

  private final FakeNode node = new FakeNode();
  private final RoutesService service =
      new RoutesService(node.router, node.gateway(), CONFIG, node.runtime, Runnable::run);

  @Test
  void bringsTheMapNowAndEachLaterOne() {
    FakeCallObserver<GetCatalogReply> out = watch();
    assertThat(out.sent).hasSize(1);
    assertThat(out.sent.get(0).getRoutesCount()).isEqualTo(3);
    absorb(5);
    node.time.advance(SPACING);
    assertThat(out.sent).hasSize(2);
    assertThat(out.sent.get(1).getVersion()).isEqualTo(5);
  }

  @Test
  void versionsThatComeTogetherAreOne() {
    FakeCallObserver<GetCatalogReply> out = watch();
    for (int version = 5; version < 50; version++) {
      absorb(version);
    }
    node.time.advance(SPACING);
    assertThat(out.sent).hasSize(2);
    assertThat(out.sent.get(1).getVersion()).isEqualTo(49);
  }

  @Test
  void aSubscriberThatIsSlowGetsTheNewestWhenItIsReady() {
    FakeCallObserver<GetCatalogReply> out = watch();
    out.ready = false;
    absorb(5);
    node.time.advance(SPACING);
    absorb(6);
    node.time.advance(SPACING);
    assertThat(out.sent).hasSize(1);
    out.becomeReady();
    assertThat(out.sent).hasSize(2);
    assertThat(out.sent.get(1).getVersion()).isEqualTo(6);
  }

  @Test
  void subscribersAreBounded() {
    FakeCallObserver<GetCatalogReply> first = watch();
    FakeCallObserver<GetCatalogReply> second = watch();
    FakeCallObserver<GetCatalogReply> third = watch();
    assertThat(second.failure).isNull();
    assertThat(Status.fromThrowable(Objects.requireNonNull(third.failure)).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    first.cancel();
    assertThat(watch().failure).isNull();
    absorb(5);
    node.time.advance(SPACING);
    assertThat(first.sent).hasSize(1);
    assertThat(second.sent).hasSize(2);
  }

  private FakeCallObserver<GetCatalogReply> watch() {
    FakeCallObserver<GetCatalogReply> out = new FakeCallObserver<>();
    service.watchRoutes(GetCatalogRequest.getDefaultInstance(), out);
    return out;
  }

  private void absorb(long version) {
    node.router
        .routes()
        .absorb(
            GetCatalogReply.newBuilder()
                .setVersion(version)
                .setClusterId(bytes("cluster"))
                .addRoutes(route(1, "", ""))
                .build());
  }
}
