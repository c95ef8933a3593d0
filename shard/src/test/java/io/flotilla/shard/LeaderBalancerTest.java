package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.TransferLeaderReply;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.support.Shards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderBalancerTest {
  private static final long[] NODES = {1, 2, 3};

  private final List<Request> asked = new ArrayList<>();
  private final Set<Long> mayLead = new HashSet<>(Set.of(1L, 2L, 3L, 4L, 5L));
  private final LeaderBalancer balancer = new LeaderBalancer(this::dispatch);
  private final Map<Long, Route> routes = new TreeMap<>();
  private final Map<Long, Double> loads = new TreeMap<>();

  private CompletableFuture<Reply> dispatch(Request request) {
    asked.add(request);
    return CompletableFuture.completedFuture(
        Reply.newBuilder().setTransferLeader(TransferLeaderReply.getDefaultInstance()).build());
  }

  private void led(long shardId, long node, long term) {
    routes.put(shardId, Descriptors.route(Shards.of(shardId, KeyRange.ALL, NODES), node, term));
  }

  private double load(Route route) {
    return loads.getOrDefault(route.getShard().getShardId(), 0.0);
  }

  /** The most that a node has, to the least. */
  private double unevenness() {
    Map<Long, Double> perNode = new TreeMap<>(Map.of(1L, 0.0, 2L, 0.0, 3L, 0.0));
    routes.values().forEach(r -> perNode.merge(r.getLeaderNodeId(), load(r), Double::sum));
    return Collections.max(perNode.values()) / Collections.min(perNode.values());
  }

  private List<LeaderBalancer.Move> plan(long tick) {
    return balancer.plan(List.copyOf(routes.values()), mayLead, this::load, tick);
  }

  private void moved(List<LeaderBalancer.Move> moves) {
    for (LeaderBalancer.Move move : moves) {
      routes.computeIfPresent(
          move.shardId(),
          (shard, route) ->
              route.toBuilder()
                  .setLeaderNodeId(move.toNode())
                  .setLeaderTerm(route.getLeaderTerm() + 1)
                  .build());
    }
  }

  private long spread() {
    Map<Long, Long> leads = new TreeMap<>();
    routes.values().stream()
        .flatMap(route -> route.getShard().getReplicasList().stream())
        .forEach(replica -> leads.put(replica.getNodeId(), 0L));
    routes.values().forEach(route -> leads.merge(route.getLeaderNodeId(), 1L, Long::sum));
    LongSummaryStatistics all = leads.values().stream().mapToLong(n -> n).summaryStatistics();
    return all.getMax() - all.getMin();
  }

  @Test
  void whatIsEvenStaysAsItIs() {
    for (long shard = 2; shard <= 8; shard++) {
      led(shard, NODES[(int) (shard % 3)], 6);
    }

    assertThat(plan(10_000)).isEmpty();
  }

  @Test
  void nodeThatLeadsAllGivesAway() {
    for (long shard = 2; shard <= 10; shard++) {
      led(shard, 1, 6);
    }

    List<LeaderBalancer.Move> moves = plan(10_000);
    moved(moves);

    assertThat(moves).hasSize(6);
    assertThat(spread()).isZero();
  }

  @Test
  void roundMovesOnlySoMany() {
    for (long shard = 2; shard <= 100; shard++) {
      led(shard, 1, 6);
    }

    assertThat(plan(10_000)).hasSize(LeaderBalancer.MAX_MOVES_PER_ROUND);
  }

  @Test
  void shardWhoseLeaderChangedLatelyIsLeftAlone() {
    for (long shard = 2; shard <= 4; shard++) {
      led(shard, shard - 1, 6);
    }
    assertThat(plan(10_000)).isEmpty();
    led(3, 1, 7);
    led(4, 1, 7);

    long changed = 10_010;
    assertThat(plan(changed)).extracting(LeaderBalancer.Move::shardId).containsExactly(2L);
    assertThat(plan(changed + LeaderBalancer.COOLDOWN_TICKS - 1))
        .extracting(LeaderBalancer.Move::shardId)
        .containsExactly(2L);
    assertThat(plan(changed + LeaderBalancer.COOLDOWN_TICKS)).hasSize(2);
  }

  @Test
  void firstLeaderOfANewShardIsNotAChange() {
    led(2, 1, 6);
    led(3, 0, 0);
    led(4, 0, 0);
    assertThat(plan(10_000)).isEmpty();
    led(3, 1, 6);
    led(4, 1, 6);

    assertThat(plan(10_001)).hasSize(2);
  }

  @Test
  void shardsWithoutALeaderAreNotMoved() {
    for (long shard = 2; shard <= 9; shard++) {
      led(shard, 0, 0);
    }

    assertThat(plan(10_000)).isEmpty();
  }

  @Test
  void onlyVotersAreMovedTo() {
    ReplicaDescriptor voter = ReplicaDescriptor.voter(21, 1);
    ReplicaDescriptor learner = new ReplicaDescriptor(22, 2, ReplicaDescriptor.Role.LEARNER);
    for (long shard = 2; shard <= 9; shard++) {
      ShardDescriptor descriptor =
          new ShardDescriptor(shard, KeyRange.ALL, ShardEpoch.FIRST, List.of(voter, learner));
      routes.put(shard, Descriptors.route(descriptor, 1, 6));
    }

    assertThat(plan(10_000)).isEmpty();
  }

  @Test
  void nodeThatMayNotLeadIsNotMovedTo() {
    for (long shard = 2; shard <= 10; shard++) {
      led(shard, 1, 6);
    }
    mayLead.remove(3L);

    balancer.balance(List.copyOf(routes.values()), mayLead, this::load, 10_000);

    assertThat(asked)
        .filteredOn(Request::hasTransferLeader)
        .hasSize(4)
        .allMatch(request -> request.getTransferLeader().getToNodeId() == 2);
  }

  @Test
  void noRoundBeginsWhileMovesAreUnderWay() {
    List<CompletableFuture<Reply>> open = new ArrayList<>();
    LeaderBalancer slow =
        new LeaderBalancer(
            request -> {
              CompletableFuture<Reply> reply = new CompletableFuture<>();
              open.add(reply);
              return reply;
            });
    led(2, 1, 6);
    led(3, 1, 6);

    slow.balance(List.copyOf(routes.values()), mayLead, this::load, 10_000);
    slow.balance(List.copyOf(routes.values()), mayLead, this::load, 10_010);
    assertThat(open).hasSize(1);
    open.get(0).complete(Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "not reachable"));
    slow.balance(List.copyOf(routes.values()), mayLead, this::load, 10_020);

    assertThat(open).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverMakesItWorseAndEndsWithinOne(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int shards = 1 + random.nextInt(80);
    for (long shard = 2; shard < 2 + shards; shard++) {
      led(shard, NODES[random.nextInt(4) == 0 ? random.nextInt(3) : 0], 6);
    }
    long tick = 10_000;
    for (int round = 0; round < 20; round++) {
      long before = spread();
      moved(plan(tick));
      assertThat(spread()).isLessThanOrEqualTo(before);
      tick += 2L * LeaderBalancer.COOLDOWN_TICKS;
    }

    assertThat(spread()).isLessThanOrEqualTo(1);
    assertThat(plan(tick)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void neverMakesItWorseWhereNotAllNodesHoldAll(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long shard = 2; shard < 60; shard++) {
      long first = random.nextLong(1, 6);
      long[] nodes = {first, first % 5 + 1, (first + 1) % 5 + 1};
      routes.put(
          shard,
          Descriptors.route(Shards.of(shard, KeyRange.ALL, nodes), nodes[random.nextInt(3)], 6));
    }
    long tick = 10_000;
    for (int round = 0; round < 20; round++) {
      long before = spread();
      moved(plan(tick));
      assertThat(spread()).isLessThanOrEqualTo(before);
      tick += 2L * LeaderBalancer.COOLDOWN_TICKS;
    }
    assertThat(plan(tick)).as("comes to rest").isEmpty();
  }

  @Test
  void loadIsEvenedOutBeforeNumbers() {
    double[] skewed = {900, 600, 500, 400, 300, 200, 100, 50, 0, 0, 0, 0};
    for (int i = 0; i < skewed.length; i++) {
      led(2 + i, NODES[i < 4 ? 0 : i % 3], 6);
      loads.put(2L + i, skewed[i]);
    }

    for (int round = 0; round < 5; round++) {
      moved(plan(10_000 + (long) round * LeaderBalancer.COOLDOWN_TICKS));
    }

    assertThat(unevenness()).isLessThan(1.2);
    assertThat(plan(20_000)).isEmpty();
  }

  @Test
  void noShardMovesForTheSakeOfNumbersIfItsLoadWouldTipTheScales() {
    led(2, 1, 6);
    loads.put(2L, 1_000.0);
    for (long shard = 3; shard <= 6; shard++) {
      led(shard, 2, 6);
      loads.put(shard, 250.0);
    }
    led(7, 3, 6);
    loads.put(7L, 1_000.0);

    assertThat(plan(10_000)).isEmpty();
  }

  /** The busiest shard cannot be shared: to move it would only move the problem. */
  @Test
  void aShardThatIsMostOfTheLoadStaysWhereItIs() {
    led(2, 1, 6);
    loads.put(2L, 10_000.0);
    led(3, 2, 6);
    led(4, 3, 6);

    assertThat(plan(10_000)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverTheLoadsMovesComeToAnEnd(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (long shard = 2; shard < 40; shard++) {
      led(shard, NODES[random.nextInt(3)], 6);
      loads.put(shard, Math.pow(random.nextDouble(), 4) * 2_500);
    }
    long tick = 10_000;
    int rounds = 0;
    for (List<LeaderBalancer.Move> moves = plan(tick); !moves.isEmpty(); moves = plan(tick)) {
      moved(moves);
      tick += LeaderBalancer.COOLDOWN_TICKS;
      rounds++;
      assertThat(rounds).isLessThan(20);
    }
    assertThat(unevenness()).isLessThan(1.2);
  }
}
