package io.flotilla.shard;

import static io.flotilla.shard.Requesting.get;
import static io.flotilla.shard.Requesting.put;
import static io.flotilla.shard.Requesting.split;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ExplainShardRequest;
import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.PlacementRequest;
import io.flotilla.contract.v1.PlacementRules;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.SetPlacementRulesRequest;
import io.flotilla.contract.v1.ShardLoad;
import io.flotilla.contract.v1.SplitKeysReply;
import io.flotilla.contract.v1.SplitKeysRequest;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Size and load of shards, and the splits that follow from them, over whole hosts. */
class HostSplitsTest {
  private static final long SHARD = 2;
  private static final long SYSTEM = ShardDescriptor.SYSTEM_SHARD_ID;
  private static final int VALUE_BYTES = 96;
  private static final int KEY_BYTES = 4;
  private static final int ROW_BYTES = VALUE_BYTES + KEY_BYTES;

  private static TestCluster cluster(SplitConfig splits) {
    HostConfig plain = TestNode.config();
    return new TestCluster(
        3,
        new HostConfig(
            plain.loops(),
            plain.tickMillis(),
            plain.heartbeatTicks(),
            plain.electionTicks(),
            plain.mailboxCalls(),
            plain.memtableBytes(),
            plain.flushMillis(),
            plain.retainedEntries(),
            plain.snapshots(),
            new SchedulerConfig(true, 5, 300, 1_000, 2_000, 2, 8, splits),
            plain.leaderLease(),
            plain.maxSessions()));
  }

  private static String key(int number) {
    return "k%03d".formatted(number);
  }

  private static void fill(TestCluster cluster, int from, int to) {
    for (int i = from; i < to; i++) {
      long shard = shardOf(cluster, key(i));
      Reply reply = cluster.ask(shard, put(key(i), "v".repeat(VALUE_BYTES)));
      assertThat(reply.hasPut()).as(reply.toString()).isTrue();
    }
  }

  private static List<ShardDescriptor> shards(TestCluster cluster) {
    List<ShardDescriptor> shards = new ArrayList<>();
    for (Route route : cluster.leader(SYSTEM).catalog().routes()) {
      shards.add(Descriptors.fromProto(route.getShard()));
    }
    return shards;
  }

  private static long shardOf(TestCluster cluster, String key) {
    return shards(cluster).stream()
        .filter(shard -> shard.range().contains(Descriptors.payload(Requesting.utf8(key))))
        .mapToLong(ShardDescriptor::shardId)
        .findFirst()
        .orElseThrow();
  }

  private static Optional<ShardLoad> load(TestCluster cluster, long shardId) {
    Request question =
        Request.newBuilder()
            .setNodeStatus(NodeStatusRequest.newBuilder().setIncludeLoads(true))
            .build();
    return cluster.leader(shardId).askHere(question).getNodeStatus().getLoadsList().stream()
        .filter(load -> load.getShardId() == shardId)
        .findFirst();
  }

  private static long bytes(TestCluster cluster, long shardId) {
    return load(cluster, shardId).orElseThrow().getBytes();
  }

  private static SplitKeysReply splitKeys(TestCluster cluster, int parts) {
    Reply reply =
        cluster.ask(
            SHARD,
            Request.newBuilder()
                .setSplitKeys(SplitKeysRequest.newBuilder().setShardId(SHARD).setParts(parts))
                .build());
    assertThat(reply.hasSplitKeys()).as(reply.toString()).isTrue();
    return reply.getSplitKeys();
  }

  private static String why(TestCluster cluster, long shardId) {
    return cluster
        .ask(
            SYSTEM,
            Request.newBuilder()
                .setPlacement(
                    PlacementRequest.newBuilder()
                        .setExplainShard(ExplainShardRequest.newBuilder().setShardId(shardId)))
                .build())
        .getPlacement()
        .getExplanation()
        .getText();
  }

  @Test
  void aLeaderMeasuresWhatItsShardHolds() {
    TestCluster cluster = cluster(SplitConfig.NEVER);
    fill(cluster, 0, 40);

    assertThat(splitKeys(cluster, 2).getBytes()).isEqualTo(40 * ROW_BYTES);
    assertThat(bytes(cluster, SHARD)).isEqualTo(40 * ROW_BYTES);
    assertThat(load(cluster, SYSTEM)).as("nobody measures the system shard").isEmpty();
  }

  @Test
  void splitKeysCutAShardIntoEqualParts() {
    TestCluster cluster = cluster(SplitConfig.NEVER);
    fill(cluster, 0, 40);

    SplitKeysReply keys = splitKeys(cluster, 4);

    assertThat(keys.getKeysList())
        .extracting(key -> key.toStringUtf8())
        .containsExactly(key(10), key(20), key(30));
    assertThat(splitKeys(cluster, 64).getKeysCount()).isEqualTo(39);
  }

  @Test
  void bothHalvesOfASplitAreMeasuredAnew() {
    TestCluster cluster = cluster(SplitConfig.NEVER);
    fill(cluster, 0, 40);
    splitKeys(cluster, 2);

    long child = cluster.ask(SHARD, split(key(30))).getSplitShard().getRight().getShardId();

    cluster.tickUntil(
        "both are measured",
        () -> bytes(cluster, SHARD) == 30 * ROW_BYTES && bytes(cluster, child) == 10 * ROW_BYTES);
  }

  @Test
  void anotherLeaderMeasuresAnew() {
    TestCluster cluster = cluster(SplitConfig.NEVER);
    fill(cluster, 0, 10);
    long before = cluster.leader(SHARD).id();
    cluster.cutOff(before);

    assertThat(cluster.leader(SHARD).id()).isNotEqualTo(before);
    cluster.tickUntil("it is measured", () -> bytes(cluster, SHARD) == 10 * ROW_BYTES);
  }

  /** M25: splits come to an end, and none has a reason that a split before it has removed. */
  @Test
  void aShardThatGrowsIsSplitUntilEachPartIsSmallEnough() {
    TestCluster cluster = cluster(new SplitConfig(20 * ROW_BYTES, 0, 100));
    fill(cluster, 0, 100);

    cluster.tickUntil(
        "no shard is too large",
        () ->
            shards(cluster).size() > 4
                && shards(cluster).stream()
                    .allMatch(
                        shard ->
                            load(cluster, shard.shardId())
                                .filter(ShardLoad::getMeasured)
                                .filter(load -> load.getBytes() <= 20 * ROW_BYTES)
                                .isPresent()));
    List<ShardDescriptor> atRest = shards(cluster);
    cluster.tick(200);

    assertThat(shards(cluster)).isEqualTo(atRest);
    assertThat(atRest.size()).isBetween(5, 12);
    assertThat(atRest.get(0).range().start()).isEqualTo(KeyRange.ALL.start());
    for (int i = 0; i < 100; i += 9) {
      assertThat(cluster.ask(shardOf(cluster, key(i)), get(key(i))).getGet().getFound()).isTrue();
    }
  }

  @Test
  void nothingIsSplitWhileRebalancingIsOff() {
    TestCluster cluster = cluster(new SplitConfig(20 * ROW_BYTES, 0, 100));
    PlacementRules off =
        cluster.leader(SYSTEM).catalog().rules().toBuilder().setRebalance(false).build();
    cluster.ask(
        SYSTEM,
        Request.newBuilder()
            .setPlacement(
                PlacementRequest.newBuilder()
                    .setSetRules(SetPlacementRulesRequest.newBuilder().setRules(off)))
            .build());
    fill(cluster, 0, 50);
    splitKeys(cluster, 2);
    cluster.tick(50);

    assertThat(shards(cluster)).hasSize(1);
    assertThat(why(cluster, SHARD)).contains("more than 2000").contains("rebalancing is off");
  }

  @Test
  void aBusyShardIsSplitWhereItsRequestsHalve() {
    TestCluster cluster = cluster(new SplitConfig(0, 2, 100));
    cluster.leader(SHARD);
    for (int i = 0; shards(cluster).size() == 1; i++) {
      assertThat(i).as("requests until a split").isLessThan(2_000);
      cluster.ask(shardOf(cluster, key(i % 100)), get(key(i % 100)));
      cluster.tick(1);
    }

    String cut =
        shards(cluster).get(1).range().start().asReadOnlyByteBuffer().remaining() == KEY_BYTES
            ? Descriptors.bytes(shards(cluster).get(1).range().start()).toStringUtf8()
            : "";
    assertThat(cut).isBetween(key(20), key(80));
  }

  @Test
  void aHotKeyGetsItsVerdictAndNoSplit() {
    TestCluster cluster = cluster(new SplitConfig(0, 2, 100));
    cluster.leader(SHARD);
    for (int i = 0; !why(cluster, SHARD).contains("hot:"); i++) {
      assertThat(i).as("requests until a verdict").isLessThan(2_000);
      cluster.ask(SHARD, get(i % 10 == 0 ? key(i % 100) : "star"));
      cluster.tick(1);
    }

    assertThat(why(cluster, SHARD)).contains("'star'").contains("no split divides");
    assertThat(shards(cluster)).hasSize(1);
  }
}
