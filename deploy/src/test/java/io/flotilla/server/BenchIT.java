package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.server.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code flotilla bench} against a real node. */
@Timeout(300)
class BenchIT {
  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  @TempDir static Path directory;

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws InterruptedException {
    cluster = CLUSTERS.start(directory, 1);
  }

  @Test
  void everyRead_isRight_andTheServerIsFound() throws IOException {
    List<JsonNode> rows = bench("mixed", "--shards", "4", "--outstanding", "1,64");
    assertThat(rows).hasSize(2);
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.path("operations").asLong()).isPositive();
              assertThat(row.path("wrong_reads").asLong()).isZero();
              assertThat(row.path("errors")).isEmpty();
              assertThat(row.path("servers").asInt()).isEqualTo(1);
              assertThat(row.path("server_cpu_s_per_1000").asDouble()).isPositive();
              assertThat(row.path("server_rss_mib").asLong()).isPositive();
            });
  }

  @Test
  void scansAndNewKeys_areRight() throws IOException {
    for (String workload : List.of("ycsb-d", "ycsb-e", "ycsb-f")) {
      JsonNode row = bench(workload, "--prefix", workload + "/", "--key-size", "24").get(0);
      assertThat(row.path("operations").asLong()).as(workload).isPositive();
      assertThat(row.path("wrong_reads").asLong()).as(workload).isZero();
      assertThat(row.path("errors")).as(workload).isEmpty();
    }
  }

  private static List<JsonNode> bench(String... arguments) throws IOException {
    Stream<String> common =
        Stream.of(
            "bench",
            "--endpoints",
            String.join(",", cluster.endpoints()),
            "--keys",
            "2000",
            "--warmup",
            "200ms",
            "--time",
            "1s",
            "--output",
            "json");
    CommandRun run =
        CommandRun.of(Stream.concat(common, Stream.of(arguments)).toArray(String[]::new));
    assertThat(run.exitCode()).as("%s", run).isZero();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      rows.add(new ObjectMapper().readTree(line));
    }
    return rows;
  }
}
