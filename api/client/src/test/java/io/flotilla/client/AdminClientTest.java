package io.flotilla.client;

import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ReplicaStatus.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see and do. */
class AdminClientTest {
  private FakeCluster cluster;
  private FlotillaClient client;
  private AdminClient admin;

  @BeforeEach
  void connect() throws IOException {
    cluster = new FakeCluster(3);
    cluster.split("m");
    client = cluster.client().build();
    admin = client.admin();
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void listsShardsWithTheirReplicas() {
    ShardList list = admin.listShards();
    assertThat(list.unreachableNodeIds()).isEmpty();
    assertThat(list.shards()).extracting(ShardInfo::shardId).containsExactly(2L, 3L);
    ShardInfo right = list.shards().get(1);
    assertThat(right.range()).isEqualTo(new KeyRange(Optional.of(key("m")), Optional.empty()));
    assertThat(right.leaderNodeId()).isEqualTo(1);
    assertThat(right.replicas()).extracting(ReplicaInfo::nodeId).containsExactly(1L, 2L, 3L);
    assertThat(right.replicas()).allMatch(ReplicaInfo::voter);
    ReplicaStatus leader = right.replicas().get(0).status().orElseThrow();
    assertThat(leader.role()).isEqualTo(Role.LEADER);
    assertThat(leader.log().commit()).isEqualTo(42);
  }

  @Test
  void listsTheSystemShardWhereAskedFor() {
    assertThat(admin.listShards(true).shards())
        .extracting(ShardInfo::shardId)
        .containsExactly(1L, 2L, 3L);
  }

  @Test
  void findsOneShard() {
    assertThat(admin.shard(3)).map(ShardInfo::shardId).contains(3L);
    assertThat(admin.shard(99)).isEmpty();
    assertThat(admin.shard(0)).isEmpty();
  }

  @Test
  void namesNodesThatCannotBeAsked() {
    assertThat(admin.listNodes().nodes()).allMatch(NodeInfo::reachable);
    cluster.node(3).close();
    ShardList shards = admin.listShards();
    assertThat(shards.unreachableNodeIds()).containsExactly(3L);
    assertThat(shards.shards().get(0).replicas().get(2).status()).isEmpty();
    NodeInfo third = admin.listNodes().nodes().get(2);
    assertThat(third.reachable()).isFalse();
    assertThat(third.problem()).isNotEmpty();
  }

  @Test
  void aSilentNodeCostsAPartOfTheTimeOnly() {
    assertThat(admin.listNodes().nodes()).hasSize(3);
    cluster.node(2).silent = request -> true;
    NodeList list = admin.withTimeout(Duration.ofMillis(2_400)).listNodes();
    assertThat(list.nodes()).extracting(NodeInfo::reachable).containsExactly(true, false, true);
  }

  @Test
  void listsNodes() {
    NodeList list = admin.listNodes();
    assertThat(list.clusterId()).isEqualTo("0cff");
    NodeInfo first = list.nodes().get(0);
    assertThat(first.address()).isEqualTo(cluster.node(1).address());
    assertThat(first.labels().keySet()).containsExactly("rack", "zone");
    assertThat(first.status().orElseThrow().uptime()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void showsOneNode() {
    NodeStatus status = admin.status(2);
    assertThat(status.nodeId()).isEqualTo(2);
    assertThat(status.counts()).isEqualTo(new NodeStatus.Counts(3, 0, 7));
    assertThat(status.bytes().heap()).isEqualTo(1 << 20);
    assertThat(status.replicas()).extracting(ReplicaStatus::shardId).containsExactly(1L, 2L, 3L);
    FlotillaException failure = failureOf(() -> admin.status(9));
    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(failure.outcome()).isEqualTo(Outcome.REJECTED);
  }

  @Test
  void splitsAShard() {
    SplitResult halves = admin.splitShard(key("t"));
    assertThat(halves.left().shardId()).isEqualTo(3);
    assertThat(halves.right().range())
        .isEqualTo(new KeyRange(Optional.of(key("t")), Optional.empty()));
    FlotillaException again = failureOf(() -> admin.splitShard(key("t")));
    assertThat(again.code()).isEqualTo(ErrorCode.FAILED_PRECONDITION);
    client.kv().put("u", "1");
    assertThat(client.kv().get("u")).isPresent();
  }

  @Test
  void tellsSizeAndLoad() {
    ShardLoad load = admin.shard(3).orElseThrow().load().orElseThrow();
    assertThat(load.bytes()).hasValue(4_096);
    assertThat(load.readsPerSecond()).isEqualTo(2.5);
    assertThat(load.writesPerSecond()).isEqualTo(0.5);
  }

  @Test
  void asksWhereToCutAShardIntoEqualParts() {
    SplitKeys cuts = admin.splitKeys(3, 4);
    assertThat(cuts.keys()).containsExactly(key("n1"), key("n2"), key("n3"));
    assertThat(cuts.bytes()).isEqualTo(4_096);
    cuts.keys().forEach(admin::splitShard);
    assertThat(admin.listShards().shards()).hasSize(5);
  }

  @Test
  void movesLeadership() {
    LeaderInfo leader = admin.transferLeader(2, 3);
    assertThat(leader).isEqualTo(new LeaderInfo(3, 6));
    client.kv().put("a", "1");
    assertThat(cluster.node(3).count(request -> request.hasPut())).isEqualTo(1);
    assertThat(cluster.node(1).count(request -> request.hasPut())).isZero();
    assertThat(failureOf(() -> admin.transferLeader(99, 1)).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }
}
