package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flotilla.cli.bench.Workload;
import io.flotilla.client.Entry;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import io.flotilla.client.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BenchCommandTest {
  private final ToolRun tool = new ToolRun().realTime();

  @ParameterizedTest
  @EnumSource(Workload.class)
  void everyWorkload_findsWhatItWrote(Workload workload) throws IOException {
    assertThat(run(workload.toString(), "--keys", "200", "--output", "json"))
        .as(tool.err())
        .isZero();
    JsonNode row = new ObjectMapper().readTree(tool.out());
    assertThat(row.path("workload").asText()).isEqualTo(workload.toString());
    assertThat(row.path("operations").asLong()).isPositive();
    assertThat(row.path("per_second").asDouble()).isPositive();
    assertThat(row.path("wrong_reads").asLong()).isZero();
    assertThat(row.path("errors").size()).isZero();
    assertThat(tool.cluster.kv.rows).hasSizeGreaterThanOrEqualTo(200);
    assertThat(tool.cluster.kv.rows.keySet())
        .allSatisfy(key -> assertThat(key.text()).hasSize(16).startsWith("bench/"));
    assertThat(tool.cluster.kv.rows.values())
        .allSatisfy(entry -> assertThat(entry.value().size()).isEqualTo(128));
  }

  @Test
  void table_hasARowForEachNumberOutstanding() {
    assertThat(run("mixed,get", "--keys", "50", "--outstanding", "1,4", "--clients", "2"))
        .as(tool.err())
        .isZero();
    assertThat(tool.out().lines().toList())
        .hasSize(5)
        .element(0)
        .asString()
        .startsWith("WORKLOAD  OUTSTANDING")
        .endsWith("SERVER CPU S/1000  SERVER RSS");
    assertThat(tool.out()).containsPattern("mixed +1 ").containsPattern("get +4 ");
    assertThat(tool.cluster.closed.get()).isEqualTo(2);
  }

  @Test
  void aValueOfAnotherKey_isWrong() {
    tool.cluster.kv.lens =
        entry ->
            new Entry(
                Objects.requireNonNull(entry).key(),
                tool.cluster.kv.rows.firstEntry().getValue().value(),
                entry.revision());
    assertThat(run("get", "--keys", "50")).isEqualTo(1);
    assertThat(tool.err()).contains("wrong read: key 'bench/", "was not written for it");
  }

  @Test
  void aTornValue_isWrong() {
    tool.cluster.kv.lens =
        entry -> {
          byte[] bytes = Objects.requireNonNull(entry).value().toBytes();
          bytes[bytes.length - 1]++;
          return new Entry(entry.key(), Value.of(bytes), entry.revision());
        };
    assertThat(run("get", "--keys", "50")).isEqualTo(1);
    assertThat(tool.err()).contains("was not written for it");
  }

  @Test
  void aLostKey_isWrong() {
    tool.cluster.kv.lens = entry -> null;
    assertThat(run("ycsb-c", "--keys", "50")).isEqualTo(1);
    assertThat(tool.err()).contains("absent, although revision");
  }

  @Test
  void aStaleRead_isWrong() {
    tool.cluster.kv.lens =
        entry -> new Entry(Objects.requireNonNull(entry).key(), entry.value(), 1);
    assertThat(run("get", "--keys", "50")).isEqualTo(1);
    assertThat(tool.err()).contains("revision 1, although", "was acknowledged before");
  }

  @Test
  void errors_areCountedByCode() throws IOException {
    tool.cluster.kv.failure =
        new FlotillaException(ErrorCode.OVERLOADED, Outcome.NOT_APPLIED, "full", 2, 1);
    assertThat(run("put", "--keys", "5", "--no-preload", "--output", "json")).isEqualTo(1);
    JsonNode row = new ObjectMapper().readTree(tool.out());
    assertThat(row.path("errors").path("OVERLOADED").asLong()).isPositive();
    assertThat(run("put", "--keys", "5")).isEqualTo(1);
    assertThat(tool.err()).contains("5 keys could not be written at the start");
  }

  @Test
  void anOpenLoop_keepsItsRate() throws IOException {
    assertThat(run("put", "--keys", "5", "--rate", "1000", "--output", "json")).isZero();
    JsonNode row = new ObjectMapper().readTree(tool.out());
    assertThat(row.path("rate").asDouble()).isEqualTo(1000);
    // Without a rate it is a hundred thousand here; what was due while classes loaded comes late.
    assertThat(row.path("per_second").asDouble()).isBetween(100.0, 10_000.0);
  }

  @Test
  void shards_areMadeBeforeTheRun() {
    assertThat(run("put", "--keys", "5", "--shards", "4")).as(tool.err()).isZero();
    assertThat(tool.cluster.admin.listShards().shards())
        .extracting(shard -> shard.range().start().map(Object::toString).orElse(""))
        .contains("bench/40000000", "bench/80000000", "bench/c0000000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "read | 'read' is not one of [put, get",
        "put --keys 0 | --keys '0' is not a number from 1 to 50000000",
        "put --key-size 10 | --key-size '10' is not a number from 14 to 480",
        "put --value-size 8 | --value-size '8' is not a number from 24 to 1048576",
        "put --outstanding 1,0 | --outstanding '0' is not a number from 1 to 100000",
        "put --outstanding 100 --value-size 1000000 | are over 32 MiB a client",
        "put --clients 65 | --clients '65' is not a number from 1 to 64",
        "put --rate -1 | --rate '-1.0' is not more than 0",
        "put --time 0s | --time '0s' is not 1ms to 168h",
        "put --warmup soon | --warmup 'soon' is not a time",
        "put --shards 0 | --shards '0' is not a number from 1 to 10000",
        "put --distribution flat | 'flat' is not one of [uniform, zipfian, latest]",
        "--keys 5 | WORKLOAD"
      })
  void mistakes_areTold(String arguments, String message) {
    String[] words =
        Stream.concat(Stream.of("bench"), Stream.of(arguments.split(" "))).toArray(String[]::new);
    assertThat(tool.run(words)).isEqualTo(2);
    assertThat(tool.err()).contains(message);
  }

  @Test
  void compare_showsRatios(@TempDir Path directory) throws IOException {
    Path first = Files.writeString(directory.resolve("a.json"), row(1000, 2.0));
    Path second = Files.writeString(directory.resolve("b.json"), row(2500, 1.0));
    assertThat(tool.run("bench", "compare", first.toString(), second.toString())).isZero();
    assertThat(tool.out().lines().toList().get(1))
        .matches("put +128 +64 +1,000 +2,500 +2\\.50 +0\\.50 +- +-");
    assertThat(
            tool.run("bench", "compare", first.toString(), second.toString(), "--output", "json"))
        .isZero();
    assertThat(tool.out()).contains("\"b_to_a\":{\"per_second\":2.5,\"p50_ms\":0.5}");
  }

  @Test
  void compare_saysWhatIsNoResult(@TempDir Path directory) throws IOException {
    Path good = Files.writeString(directory.resolve("a.json"), row(1000, 2.0));
    Path bad = Files.writeString(directory.resolve("b.json"), "\n{\"x\":1}\n");
    Path other =
        Files.writeString(directory.resolve("c.json"), row(1000, 2.0).replace("put", "get"));
    assertThat(tool.run("bench", "compare", good.toString(), bad.toString())).isEqualTo(1);
    assertThat(tool.err()).contains("b.json, line 2: not a result of");
    assertThat(tool.run("bench", "compare", good.toString(), other.toString())).isEqualTo(1);
    assertThat(tool.err()).contains("no load is in both");
    assertThat(tool.run("bench", "compare", good.toString(), directory + "/none")).isEqualTo(1);
    assertThat(tool.err()).contains("none");
  }

  private int run(String... arguments) {
    Stream<String> first = Stream.of("bench", arguments[0], "--warmup", "1ms", "--time", "100ms");
    return tool.run(Stream.concat(first, Stream.of(arguments).skip(1)).toArray(String[]::new));
  }

  private static String row(int perSecond, double p50) {
    return """
        {"workload":"put","distribution":"uniform","keys":5,"key_size":16,"value_size":128,\
        "clients":1,"outstanding":64,"rate":0.0,"per_second":%d,"p50_ms":%s}
        """
        .formatted(perSecond, p50);
  }
}
