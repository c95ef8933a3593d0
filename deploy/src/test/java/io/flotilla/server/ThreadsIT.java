package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.AdminClient;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.Key;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeStatus;
import io.flotilla.server.local.LocalCluster;
import io.flotilla.server.local.Poll;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A node has as many threads with two hundred shards as with one. */
@Timeout(600)
class ThreadsIT {
  private static final int SHARDS = 200;

  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  @TempDir Path directory;

  @Test
  void threads_doNotGrowWithShards() throws Exception {
    LocalCluster cluster = CLUSTERS.start(directory, 3);
    FlotillaClient client = CLUSTERS.client(cluster);
    use(client);
    Map<Long, Integer> withOne = threads(client.admin());
    for (int shard = 1; shard < SHARDS; shard++) {
      client.admin().splitShard(Key.of("key/%03d".formatted(shard)));
    }
    CLUSTERS.watch(client).allLed(3, Clusters.LIMIT, cluster::requireAlive);
    use(client);
    assertThat(client.admin().listShards().shards()).hasSize(SHARDS);
    // Threads that only lived for a moment may be gone a moment later.
    Map<Long, Integer> withMany =
        Clusters.poll()
            .until(
                "no more threads than before, " + withOne,
                Clusters.LIMIT,
                () -> {
                  Map<Long, Integer> now = threads(client.admin());
                  return now.entrySet().stream()
                          .allMatch(
                              node -> node.getValue() <= withOne.getOrDefault(node.getKey(), 0))
                      ? Poll.Seen.of(now)
                      : Poll.Seen.notYet("there are " + now);
                });
    assertThat(withMany).hasSize(3);
    assertThat(client.admin().listNodes().nodes())
        .allSatisfy(
            node ->
                assertThat(node.status().orElseThrow().counts().replicas())
                    .isGreaterThanOrEqualTo(SHARDS));
  }

  /** Pools start threads when they are first needed; this needs them all. */
  private static void use(FlotillaClient client) {
    for (int i = 0; i < 1_000; i++) {
      client.kv().put("key/%03d".formatted(i % SHARDS), "value " + i);
    }
  }

  private static Map<Long, Integer> threads(AdminClient admin) {
    Map<Long, Integer> threads = new TreeMap<>();
    for (NodeInfo node : admin.listNodes().nodes()) {
      threads.put(node.nodeId(), node.status().map(NodeStatus::counts).orElseThrow().threads());
    }
    return threads;
  }
}
