package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.client.NodeStatus;
import io.flotilla.client.ReplicaChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterViewTest {
  private final ToolRun tool = new ToolRun();

  @Test
  void shardList_isAlignedAndNarrow() {
    tool.run("shard", "split", "DE/", "RU/", "--spread");
    assertThat(tool.run("shard", "list")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            """
            SHARD  FROM     TO      LEADER  TERM  COMMIT  APPLIED     SIZE  R/S  W/S  NODES
                2  (first)  DE/          1     7     119      118  2.0 MiB  120    3  1 2 3
                3  DE/      RU/          2     7     119      118  3.0 MiB  120    3  1 2 3
                4  RU/      (last)       3     7     119      118  4.0 MiB  120    3  1 2 3
            """);
  }

  @Test
  void shardShow_tellsEachReplicaAndTheLeadersView() {
    assertThat(tool.run("shard", "show", "2")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            """
            Shard 2: from (first) to (last), epoch (1, 1), leader: node 1 in term 7
            Size 2.0 MiB, 120 reads/s, 3 writes/s

            NODE  REPLICA  ROLE      TERM  FIRST  LAST  PERSISTED  COMMIT  APPLIED  FLUSHED
               1       21  leader       7      6   120        120     119      118       60
               2       22  follower     7      6   120        120     119      118       60
               3       23  follower     7      6   120        120     119      118       60

            Followers, as the leader sees them:
            NODE  REPLICA  STATE      MATCH  NEXT  BEHIND  ACTIVE
               2       22  replicate    119   121       1  yes
               3       23  replicate    119   121       1  yes
            """);
  }

  @Test
  void shardShow_asJson_hasEverything() throws Exception {
    tool.cluster.admin.down.add(3L);
    assertThat(tool.run("shard", "show", "2", "--output", "json")).isZero();
    JsonNode shard = new ObjectMapper().readTree(tool.out());
    assertThat(shard.at("/replicas/0/commit_index").asLong()).isEqualTo(119);
    assertThat(shard.at("/replicas/0/followers/1/match_index").asLong()).isEqualTo(119);
    assertThat(shard.at("/replicas/2/reachable").asBoolean()).isFalse();
    assertThat(shard.has("start")).isFalse();
    assertThat(shard.at("/bytes").asLong()).isEqualTo(2 << 20);
    assertThat(shard.at("/reads_per_second").asDouble()).isEqualTo(120.4);
  }

  @Test
  void shardList_leaderDown_sizeAndLoadAreNotKnown() {
    tool.cluster.admin.down.add(1L);
    assertThat(tool.run("shard", "list", "--system")).isZero();
    assertThat(tool.out().lines().filter(line -> line.contains("(system)")).findFirst())
        .hasValueSatisfying(line -> assertThat(line).matches(".* - +- +- .*"));
    assertThat(tool.out().lines().skip(2).findFirst())
        .hasValueSatisfying(line -> assertThat(line).matches(".* [?] +[?] +[?] .*"));
  }

  @Test
  void splitEven_cutsAShardIntoEqualParts() {
    assertThat(tool.run("shard", "split", "2", "--even", "3", "--dry-run")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            """
            would split shard 2 at 'i'
            would split shard 2 at 'r'
            """);
    assertThat(tool.run("shard", "split", "2", "--even", "3")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            """
            split shard 2 at 'i': shard 3 begins there
            split shard 3 at 'r': shard 4 begins there
            """);
  }

  @Test
  void splitEven_tooFewRows_doesNothing() {
    assertThat(tool.run("shard", "split", "2", "--even", "40")).isEqualTo(1);
    assertThat(tool.err()).contains("shard 2 has too few rows for 40 parts: at most 27");
    assertThat(tool.cluster.admin.shards).hasSize(2);
  }

  @Test
  void shardChange_addsALearnerAndThenReplacesInOneChange() {
    tool.cluster.admin.refusalsLeft = 1;

    assertThat(tool.run("shard", "change", "2", "--add", "4", "--remove", "2")).isZero();

    assertThat(tool.out()).isEqualTo("shard 2 is on nodes 1, 3, 4\n");
    assertThat(tool.err()).contains("node 4 is catching up: replicate, at index 119");
    assertThat(tool.cluster.admin.changes)
        .containsExactly(
            List.of(ReplicaChange.learner(4)),
            List.of(ReplicaChange.voter(4), ReplicaChange.remove(2)));
  }

  @Test
  void shardChange_showsALearnerForWhatItIs() {
    assertThat(tool.run("shard", "change", "2", "--learner", "3")).isZero();
    assertThat(tool.out()).isEqualTo("shard 2 is on nodes 1, 2, 3 (learner)\n");

    assertThat(tool.run("shard", "show", "2")).isZero();
    assertThat(tool.out()).contains("3       23  learner");
  }

  @Test
  void nodeRemove_refusesANodeThatHoldsReplicas() {
    assertThat(tool.run("node", "remove", "3")).isEqualTo(1);
    assertThat(tool.err()).contains("node still has replicas");

    tool.run("shard", "change", "2", "--remove", "3");
    assertThat(tool.run("node", "remove", "3", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"node_id\":3,\"removed\":true}\n");
  }

  @Test
  void unknownShard_isAFailedOperation() {
    assertThat(tool.run("shard", "show", "99")).isEqualTo(1);
    assertThat(tool.err()).contains("there is no shard 99; 'flotilla shard list'");
    assertThat(tool.run("shard", "transfer", "99", "--to", "1")).isEqualTo(1);
    assertThat(tool.err()).contains("there is no shard 99");
  }

  @Test
  void split_atABound_failsAndNamesTheKey() {
    assertThat(tool.run("shard", "split", "m")).isZero();
    assertThat(tool.out()).isEqualTo("split shard 2 at 'm': shard 3 begins there\n");
    assertThat(tool.run("shard", "split", "m")).isEqualTo(1);
    assertThat(tool.err()).isEqualTo("flotilla: KEY 'm': it is a bound already\n");
  }

  @Test
  void transfer_tellsTheNewLeader() {
    assertThat(tool.run("shard", "transfer", "2", "--to", "3")).isZero();
    assertThat(tool.out()).isEqualTo("shard 2 is led by node 3 in term 8\n");
  }

  @Test
  void nodeList_showsWhatEachNodeUses() {
    tool.cluster.admin.down.add(2L);
    assertThat(tool.run("node", "list")).isZero();
    assertThat(tool.out().lines())
        .containsSequence(
            "   1  127.0.0.1:7001  up, leases    1h 2m         2        1       42  50.0 MiB"
                + "  1.0 MiB  1.5 KiB",
            "   2  127.0.0.1:7002  unreachable",
            "   3  127.0.0.1:7003  up            1h 2m         2        1       42  50.0 MiB"
                + "  1.0 MiB  1.5 KiB");
    assertThat(tool.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(tool.err()).isEqualTo("flotilla: node 2: connection refused\n");
  }

  @Test
  void nodeHealth_saysWhetherANodeMayBeStopped() {
    assertThat(tool.run("node", "health")).isZero();
    assertThat(tool.out()).endsWith("\nall nodes are ready, and any one may be stopped\n");

    tool.cluster.admin.down.add(2L);
    tool.cluster.admin.health.put(
        3L, new NodeStatus.Health(List.of("the node is being drained"), 2, 1, "h:8001"));
    assertThat(tool.run("node", "health")).isEqualTo(1);
    assertThat(tool.out().lines())
        .containsSequence(
            "NODE  ADDRESS         READY        DEGRADED  LEADERLESS  METRICS",
            "   1  127.0.0.1:7001  yes                 0           0",
            "   2  127.0.0.1:7002  unreachable",
            "   3  127.0.0.1:7003  no                  2           1  h:8001",
            "",
            "node 2: connection refused",
            "node 3: not ready, the node is being drained",
            "node 3: another voter of 2 shards is silent or far behind",
            "node 3: no leader is known of 1 shard",
            "do not stop a node now");

    assertThat(tool.run("node", "health", "--output", "json")).isEqualTo(1);
    assertThat(tool.out())
        .contains("\"ready\":false,\"reasons\":[\"the node is being drained\"]")
        .contains("\"problem\":\"connection refused\"");
  }

  @Test
  void status_saysWhetherAllIsWell() {
    assertThat(tool.run("status")).isZero();
    assertThat(tool.out()).startsWith("Cluster c0ffee: 3 of 3 nodes up, 1 shards, healthy\n");
    tool.cluster.admin.down.add(1L);
    assertThat(tool.run("status")).isEqualTo(1);
    assertThat(tool.out())
        .contains("2 of 3 nodes up")
        .contains("problem: shard 2: no replica leads it at the moment");
    tool.cluster.admin.down.add(2L);
    assertThat(tool.run("status", "--output", "json")).isEqualTo(1);
    assertThat(tool.out()).contains("shard 2: only 1 of 3 replicas answered, no majority");
  }

  @Test
  void version_isWrittenByTheBuild() {
    assertThat(tool.run("version")).isZero();
    assertThat(tool.out()).matches("flotilla \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)\n");
    assertThat(tool.run("version", "--output", "json")).isZero();
    assertThat(tool.out()).startsWith("{\"version\":\"");
  }
}
