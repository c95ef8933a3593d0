package io.flotilla.router;

import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteTableTest {
  private static final Route SEEN = route(2, "", "");

  private final RouteTable table = new RouteTable();

  @Test
  void tellsWhetherAnythingWasNew() {
    assertThat(table.merge(List.of(SEEN))).isTrue();
    assertThat(table.merge(List.of(SEEN))).isFalse();
    assertThat(table.merge(List.of())).isFalse();
    assertThat(table.routes()).containsExactly(SEEN);
  }

  @Test
  void aHintChangesTheRouteItWasGivenFor() {
    table.merge(List.of(SEEN));
    table.leaderHint(SEEN, 3);
    assertThat(leader()).isEqualTo(3);
    table.leaderHint(SEEN, 0);
    assertThat(leader()).isZero();
  }

  @Test
  void aHintForAnOlderRouteIsIgnored() {
    Route newer = SEEN.toBuilder().setLeaderNodeId(2).setLeaderTerm(4).build();
    table.merge(List.of(newer));
    table.leaderHint(SEEN, 3);
    assertThat(leader()).isEqualTo(2);
    table.leaderHint(route(9, "", ""), 3);
    assertThat(table.routes()).containsExactly(newer);
  }

  @Test
  void aHigherTermCorrectsAHint() {
    table.merge(List.of(SEEN));
    table.leaderHint(SEEN, 3);
    table.merge(List.of(SEEN.toBuilder().setLeaderNodeId(2).setLeaderTerm(2).build()));
    assertThat(leader()).isEqualTo(2);
  }

  private long leader() {
    @Nullable Route route = table.lookup(bytes("a"));
    return route == null ? -1 : route.getLeaderNodeId();
  }
}
