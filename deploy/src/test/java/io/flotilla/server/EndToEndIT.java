package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.ReadOptions;
import io.flotilla.client.Reading;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.Value;
import io.flotilla.server.local.ClusterWatch;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.NodeProcess;
import io.flotilla.server.local.Poll;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job, over separate processes: import into eight shards, lose a node with kill -9 on the
 * way, and get every byte back.
 */
@Timeout(600)
class EndToEndIT {
  private static final int SHARDS = 8;
  private static final int MOST_READS = 200;

  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  @TempDir Path directory;

  @Test
  void import_survivesTheLossOfANode() throws Exception {
    Cities cities = Cities.read();
    LocalCluster cluster = CLUSTERS.start(directory, 3);
    FlotillaClient client = CLUSTERS.client(cluster);
    split(cluster, cities);
    Map<Long, Integer> leaders = leadersOverAllNodes(client);
    assertThat(leaders.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(SHARDS);

    NodeProcess victim = leaderOfLastShard(cluster, client);
    InputStream input = cities.input(0.5, Cities.Action.unchecked(victim::kill));
    CommandRun imported =
        CommandRun.watched(
            input, () -> {}, Main::tool, at(cluster, "import", "-", "--format", "tsv"));
    assertThat(imported.exitCode()).as("%s", imported).isZero();
    assertThat(victim.exitCode()).hasValue(137);

    assertExported(cluster, cities);
    cluster.start(victim);
    CLUSTERS.watch(client).converged(3, Clusters.LIMIT);
    assertExported(cluster, cities);
    CommandRun status = CommandRun.of(at(cluster, "status"));
    assertThat(status.exitCode()).as("%s", status).isZero();
    assertThat(status.out()).contains("3 of 3 nodes up, 8 shards, healthy");

    assertReadThroughEveryNode(client);
    replaceFirstNode(cluster, client);
    assertExported(cluster, cities);
  }

  /** Whichever replica answers, it has seen the write acknowledged just before. */
  private static void assertReadThroughEveryNode(FlotillaClient client) {
    Key key = Key.of("written/just/before");
    Kv followers = client.kv().withReads(ReadOptions.follower());
    Set<Long> nodes = new TreeSet<>();
    for (int i = 0; nodes.size() < 3 && i < MOST_READS; i++) {
      client.kv().put(key, Value.of(String.valueOf(i)));
      Reading read = followers.inspect(key);
      assertThat(read.entry().orElseThrow().value().text()).isEqualTo(String.valueOf(i));
      nodes.add(read.asOf().orElseThrow().nodeId());
    }
    assertThat(nodes).as("nodes that answered").hasSize(3);
    assertThat(client.kv().delete(key)).isNotNull();
  }

  /** A fourth node joins, node 1 hands over all that it holds and is struck off. */
  private void replaceFirstNode(LocalCluster cluster, FlotillaClient client) throws Exception {
    NodeProcess fourth = CLUSTERS.join(cluster, directory);
    waitForId(client, fourth);
    CommandRun tooEarly = CommandRun.of(at(cluster, "node", "remove", "1"));
    assertThat(tooEarly.exitCode()).isEqualTo(1);
    assertThat(tooEarly.err()).contains("node 1 still has replicas of");
    CommandRun replaced = CommandRun.of(at(cluster, "node", "replace", "1", "--wait", "3m"));
    assertThat(replaced.exitCode()).as("%s", replaced).isZero();
    assertThat(replaced.out()).endsWith("node 1 is removed; stop its process\n");
    assertThat(client.admin().listNodes().nodes()).extracting(NodeInfo::nodeId).doesNotContain(1L);
  }

  private static void waitForId(FlotillaClient client, NodeProcess node)
      throws InterruptedException {
    String address = node.spec().address().toString();
    Clusters.poll()
        .until(
            "the node at " + address + " joins",
            Clusters.LIMIT,
            () ->
                client.admin().listNodes().nodes().stream()
                    .filter(info -> info.address().equals(address))
                    .findFirst()
                    .map(info -> Poll.Seen.of(info.nodeId()))
                    .orElseGet(() -> Poll.Seen.notYet("it is not listed")));
  }

  private static void split(LocalCluster cluster, Cities cities) {
    List<String> words = new ArrayList<>(List.of("shard", "split", "--spread"));
    words.addAll(cities.splitKeys(SHARDS));
    CommandRun split = CommandRun.of(at(cluster, words.toArray(String[]::new)));
    assertThat(split.exitCode()).as("%s", split).isZero();
    CommandRun list = CommandRun.of(at(cluster, "shard", "list"));
    assertThat(list.out().lines()).hasSize(1 + SHARDS);
  }

  /** User shards by the node that leads them, once every node leads one. */
  private static Map<Long, Integer> leadersOverAllNodes(FlotillaClient client)
      throws InterruptedException {
    return Clusters.poll()
        .until(
            "leaders on three nodes",
            Clusters.LIMIT,
            () -> {
              Map<Long, Integer> leaders = new TreeMap<>();
              for (ShardInfo shard : client.admin().listShards().shards()) {
                ClusterWatch.leading(shard)
                    .ifPresent(replica -> leaders.merge(replica.nodeId(), 1, Integer::sum));
              }
              int led = leaders.values().stream().mapToInt(Integer::intValue).sum();
              return leaders.size() == 3 && led == SHARDS
                  ? Poll.Seen.of(leaders)
                  : Poll.Seen.notYet("they are " + leaders);
            });
  }

  private static NodeProcess leaderOfLastShard(LocalCluster cluster, FlotillaClient client) {
    List<ShardInfo> shards = client.admin().listShards().shards();
    ReplicaInfo leader = ClusterWatch.leading(shards.get(shards.size() - 1)).orElseThrow();
    return client.admin().listNodes().nodes().stream()
        .filter(node -> node.nodeId() == leader.nodeId())
        .map(NodeInfo::address)
        .map(cluster::at)
        .findFirst()
        .orElseThrow();
  }

  private static void assertExported(LocalCluster cluster, Cities cities) {
    CommandRun export = CommandRun.of(at(cluster, "export", "--format", "tsv"));
    assertThat(export.exitCode()).as(export.err()).isZero();
    assertThat(export.out().lines().count()).isEqualTo(cities.lines());
    assertThat(Cities.checksum(export.outBytes())).isEqualTo(cities.checksum());
  }

  static String[] at(LocalCluster cluster, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--endpoints");
    all.add(String.join(",", cluster.endpoints()));
    return all.toArray(String[]::new);
  }
}
