package io.flotilla.router;

import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.range;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteMapTest {
  private static final Route LEFT = route(2, "", "m");
  private static final Route RIGHT = route(3, "m", "t");

  @Test
  void findsTheShardOfAKey() {
    RouteMap map = map(LEFT, RIGHT);
    assertThat(map.lookup(bytes("a"))).isEqualTo(LEFT);
    assertThat(map.lookup(bytes("lzz"))).isEqualTo(LEFT);
    assertThat(map.lookup(bytes("m"))).isEqualTo(RIGHT);
    assertThat(map.lookup(bytes("t"))).isNull();
    assertThat(RouteMap.EMPTY.lookup(bytes("a"))).isNull();
  }

  @Test
  void ordersKeysAsUnsignedBytes() {
    RouteMap map = map(LEFT, route(3, "m", ""));
    assertThat(map.lookup(ByteString.copyFrom(new byte[] {(byte) 0xff})))
        .isEqualTo(route(3, "m", ""));
  }

  @Test
  void findsTheShardBeforeABound() {
    RouteMap map = map(LEFT, RIGHT);
    assertThat(map.lookupBefore(bytes("m"))).isEqualTo(LEFT);
    assertThat(map.lookupBefore(bytes("m\0"))).isEqualTo(RIGHT);
    assertThat(map.lookupBefore(bytes("t"))).isEqualTo(RIGHT);
    assertThat(map.lookupBefore(bytes("z"))).isNull();
    assertThat(map.lookupBefore(bytes(""))).isNull();
    Route last = route(4, "t", "");
    assertThat(map(LEFT, last).lookupBefore(bytes(""))).isEqualTo(last);
    assertThat(map(LEFT, last).lookupBefore(bytes("t"))).isNull();
  }

  @Test
  void findsShardsThatOverlap() {
    RouteMap map = map(LEFT, RIGHT, route(4, "t", ""));
    assertThat(map.overlapping(range("l", "n"))).containsExactly(LEFT, RIGHT);
    assertThat(map.overlapping(range("m", "t"))).containsExactly(RIGHT);
    assertThat(map.overlapping(KeyRange.getDefaultInstance())).hasSize(3);
    assertThat(map(RIGHT).overlapping(range("", "m"))).isEmpty();
  }

  @Test
  void theSystemShardIsFoundByItsIdOnly() {
    Route system = route(1, "", "");
    RouteMap map = map(system, LEFT);
    assertThat(map.shard(1)).isEqualTo(system);
    assertThat(map.lookup(bytes("z"))).isNull();
    assertThat(map.userRoutes()).containsExactly(LEFT);
    assertThat(map.allRoutes()).containsExactly(system, LEFT);
  }

  @Test
  void nothingNewerMeansTheSameMap() {
    RouteMap map = map(LEFT, RIGHT);
    assertThat(map.merge(List.of(RIGHT, LEFT))).isSameAs(map);
    assertThat(map.merge(List.of(LEFT.toBuilder().setLeaderTerm(0).setLeaderNodeId(2).build())))
        .isSameAs(map);
  }

  @Test
  void theHigherTermLeads() {
    Route later = LEFT.toBuilder().setLeaderNodeId(2).setLeaderTerm(5).build();
    assertThat(map(LEFT).merge(List.of(later)).shard(2)).isEqualTo(later);
    assertThat(map(later).merge(List.of(LEFT)).shard(2)).isEqualTo(later);
  }

  @Test
  void aLeaderWithoutAReplicaIsForgotten() {
    Route.Builder changed = LEFT.toBuilder().setLeaderNodeId(0);
    changed.getShardBuilder().getEpochBuilder().setMembershipVersion(2);
    changed.getShardBuilder().removeReplicas(0);
    Route merged = Objects.requireNonNull(map(LEFT).merge(List.of(changed.build())).shard(2));
    assertThat(merged.getLeaderNodeId()).isZero();
    assertThat(merged.getShard().getReplicasList())
        .extracting(Replica::getNodeId)
        .containsExactly(2L, 3L);
  }

  @Test
  void theChildTakesThePlaceOfTheParentInItsRange() {
    Route parent = route(2, "", "");
    Route child = route(3, range("m", ""), 2, 1, 1);
    RouteMap map = map(parent).merge(List.of(child));
    assertThat(map.lookup(bytes("z"))).isEqualTo(child);
    assertThat(map.lookup(bytes("a"))).as("to be learnt anew").isNull();
    assertThat(map.merge(List.of(parent))).isSameAs(map);
    assertThat(map.merge(List.of(route(2, range("", "m"), 2, 1, 1))).lookup(bytes("a")))
        .isNotNull();
  }

  /** A history of splits, membership changes and elections, told in any order, more than once. */
  @ParameterizedTest
  @MethodSource("io.flotilla.router.FaultsTest#seeds")
  void theOrderOfTheNewsDoesNotMatter(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Route> current = new TreeMap<>();
    current.put(1L, route(1, "", ""));
    current.put(2L, route(2, "", ""));
    List<Route> news = new ArrayList<>(current.values());
    for (int i = 0; i < 60; i++) {
      change(current, random);
      news.addAll(current.values());
    }
    for (int round = 0; round < 10; round++) {
      List<Route> told = new ArrayList<>(news);
      Collections.shuffle(told, random);
      RouteTable table = new RouteTable();
      while (!told.isEmpty()) {
        int some = 1 + random.nextInt(Math.min(told.size(), 7));
        table.merge(told.subList(0, some));
        told.subList(0, some).clear();
        checkWellFormed(table.snapshot());
      }
      assertThat(table.snapshot().shard(1)).isEqualTo(current.get(1L));
      assertThat(table.snapshot().userRoutes())
          .containsExactlyInAnyOrderElementsOf(current.tailMap(2L).values());
    }
  }

  private static void change(NavigableMap<Long, Route> current, Random random) {
    long id = 1L + random.nextInt(current.size());
    Route.Builder route = Objects.requireNonNull(current.get(id)).toBuilder();
    switch (random.nextInt(3)) {
      case 0 -> {
        int replica = random.nextInt(route.getShard().getReplicasCount());
        route.setLeaderNodeId(route.getShard().getReplicas(replica).getNodeId());
        route.setLeaderTerm(route.getLeaderTerm() + 1);
        current.put(id, route.build());
      }
      case 1 -> {
        long membership = route.getShard().getEpoch().getMembershipVersion() + 1;
        route.getShardBuilder().getEpochBuilder().setMembershipVersion(membership);
        route
            .getShardBuilder()
            .addReplicas(Replica.newBuilder().setNodeId(10 + membership).setReplicaId(membership));
        current.put(id, route.build());
      }
      default -> split(current, route.build(), random);
    }
  }

  private static void split(NavigableMap<Long, Route> current, Route parent, Random random) {
    ByteString key = bytes("k%04d".formatted(random.nextInt(10_000)));
    KeyRange range = RouteMap.range(parent);
    if (RouteMap.id(parent) == 1
        || range.getStart().equals(key)
        || !RouteMap.contains(range, key)) {
      return;
    }
    Route.Builder left = parent.toBuilder();
    left.getShardBuilder().getRangeBuilder().setEnd(key);
    long version = parent.getShard().getEpoch().getRangeVersion() + 1;
    left.getShardBuilder().getEpochBuilder().setRangeVersion(version);
    Route.Builder right = left.build().toBuilder().setLeaderTerm(1);
    long child = current.lastKey() + 1;
    right.getShardBuilder().setShardId(child);
    right.getShardBuilder().setRange(range.toBuilder().setStart(key));
    current.put(RouteMap.id(parent), left.build());
    current.put(child, right.build());
  }

  private static void checkWellFormed(RouteMap map) {
    List<Route> routes = map.userRoutes();
    for (int i = 0; i + 1 < routes.size(); i++) {
      assertThat(RouteMap.overlap(RouteMap.range(routes.get(i)), RouteMap.range(routes.get(i + 1))))
          .isFalse();
    }
    for (Route route : map.allRoutes()) {
      assertThat(map.shard(RouteMap.id(route))).isSameAs(route);
    }
  }

  private static RouteMap map(Route... routes) {
    return RouteMap.EMPTY.merge(List.of(routes));
  }
}
