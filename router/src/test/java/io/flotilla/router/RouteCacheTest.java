package io.flotilla.router;

import static io.flotilla.router.TestRoutes.address;
import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.node;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.GetCatalogReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteCacheTest {
  private final RouteCache cache = new RouteCache(List.of(address(9)));

  @Test
  void contactsAreTheNodesThenTheSeeds() {
    assertThat(cache.contacts()).containsExactly(address(9));
    cache.absorb(catalog(2, "c").addNodes(node(2)).addNodes(node(1)).build());
    assertThat(cache.contacts()).containsExactly(address(1), address(2), address(9));
    cache.absorb(catalog(3, "c").addNodes(node(9)).build());
    assertThat(cache.contacts()).containsExactly(address(9));
  }

  @Test
  void anOlderCatalogAddsNothingButRoutes() {
    cache.absorb(catalog(5, "c").addNodes(node(1)).build());
    cache.absorb(catalog(4, "c").addNodes(node(2)).addRoutes(route(2, "", "")).build());
    assertThat(cache.version()).isEqualTo(5);
    assertThat(cache.directory().address(2)).isNull();
    assertThat(cache.table().lookup(bytes("a"))).isNotNull();
  }

  @Test
  void anotherClusterIsIgnored() {
    cache.absorb(catalog(2, "c").build());
    cache.absorb(catalog(9, "other").addRoutes(route(2, "", "")).build());
    assertThat(cache.version()).isEqualTo(2);
    assertThat(cache.table().routes()).isEmpty();
  }

  @Test
  void listenersFindWhatTheVersionStandsFor() {
    List<GetCatalogReply> seen = new ArrayList<>();
    Runnable listener = () -> seen.add(cache.catalog(1));
    cache.addListener(listener);
    cache.absorb(catalog(2, "c").addRoutes(route(2, "", "")).build());
    cache.absorb(catalog(2, "c").build());
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).getVersion()).isEqualTo(2);
    assertThat(seen.get(0).getRoutesCount()).isEqualTo(1);
    cache.removeListener(listener);
    cache.absorb(catalog(3, "c").build());
    assertThat(seen).hasSize(1);
    assertThat(cache.catalog(3).getUnchanged()).isTrue();
  }

  @Test
  void addressesAreReadAndWritten() {
    assertThat(NodeAddress.parse("host:7001")).isEqualTo(new NodeAddress("host", 7001));
    assertThat(NodeAddress.parse("[::1]:80")).hasToString("[::1]:80");
    for (String wrong : List.of("host", ":1", "host:", "host:0", "host:65536", "::1:80", "a:b")) {
      assertThatThrownBy(() -> NodeAddress.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static GetCatalogReply.Builder catalog(long version, String cluster) {
    return GetCatalogReply.newBuilder().setVersion(version).setClusterId(bytes(cluster));
  }
}
