package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ReadOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandsTest {
  private final ToolRun tool = new ToolRun();

  @Test
  void put_thenGet_printsTheValue() {
    assertThat(tool.run("put", "greeting", "héllo")).isZero();
    assertThat(tool.out()).isEqualTo("written at revision 101\n");
    assertThat(tool.run("get", "greeting")).isZero();
    assertThat(tool.out()).isEqualTo("héllo\n");
    assertThat(tool.run("get", "greeting", "--revision")).isZero();
    assertThat(tool.out()).isEqualTo("101\théllo\n");
    assertThat(tool.cluster.closed).hasValue(3);
  }

  @Test
  void get_absentKey_failsInOneLine() {
    assertThat(tool.run("get", "nobody")).isEqualTo(1);
    assertThat(tool.out()).isEmpty();
    assertThat(tool.err()).isEqualTo("flotilla: key 'nobody' is absent\n");
    assertThat(tool.run("get", "nobody", "--output", "json")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo(
            "{\"error\":{\"code\":\"KEY_ABSENT\",\"message\":\"key 'nobody' is absent\"}}\n");
  }

  @Test
  void reads_areAskedForAsTheOptionsSay() {
    assertThat(tool.run("put", "k", "v")).isZero();
    assertThat(tool.run("get", "k")).isZero();
    assertThat(tool.cluster.kv.reads).isEqualTo(ReadOptions.linearizable());
    assertThat(tool.run("get", "k", "--consistency", "follower")).isZero();
    assertThat(tool.cluster.kv.reads).isEqualTo(ReadOptions.follower());
    assertThat(tool.run("scan", "--consistency", "stale")).isZero();
    assertThat(tool.cluster.kv.reads).isEqualTo(ReadOptions.stale());
    assertThat(tool.run("scan", "--consistency=stale", "--max-staleness=1500ms")).isZero();
    assertThat(tool.cluster.kv.reads).isEqualTo(ReadOptions.stale(Duration.ofMillis(1_500)));
    assertThat(tool.run("export", "--format", "tsv", "--consistency", "follower")).isZero();
    assertThat(tool.cluster.kv.reads).isEqualTo(ReadOptions.follower());
  }

  @Test
  void get_elsewhereThanFromTheLeader_saysWhatWasRead() {
    assertThat(tool.run("put", "k", "v")).isZero();
    assertThat(tool.run("get", "k", "--consistency", "stale", "--output", "json")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            "{\"key\":\"k\",\"value\":\"v\",\"revision\":101,\"as_of\":{\"shard_id\":2,"
                + "\"node_id\":3,\"applied_index\":17,\"revision\":101,\"age_millis\":40}}\n");
  }

  @Test
  void increment_printsTheSum() {
    assertThat(tool.run("increment", "c")).isZero();
    assertThat(tool.out()).isEqualTo("1\n");
    assertThat(tool.run("increment", "c", "--by=-5", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"value\":-4,\"revision\":102}\n");
    assertThat(tool.run("increment", "d", "--initial", "1000")).isZero();
    assertThat(tool.out()).isEqualTo("1001\n");
    assertThat(tool.run("increment", "d", "--by", "much")).isEqualTo(2);
    assertThat(tool.err()).contains("--by 'much' is not a whole number of 64 bits");
  }

  @Test
  void put_withATimeToLive_saysWhenItEnds() {
    assertThat(tool.run("put", "k", "v", "--ttl", "90s")).isZero();
    assertThat(tool.run("get", "k", "--output", "json")).isZero();
    assertThat(tool.out())
        .isEqualTo(
            "{\"key\":\"k\",\"value\":\"v\",\"revision\":101,"
                + "\"expires_at\":\"1970-01-01T00:01:30Z\"}\n");
    assertThat(tool.run("put", "k", "w", "--if-absent", "--ttl", "1h")).isEqualTo(1);
    assertThat(tool.run("put", "other", "w", "--if-absent", "--ttl", "87600h")).isZero();
    for (String ttl : new String[] {"0", "87601h", "soon"}) {
      assertThat(tool.run("put", "k", "v", "--ttl", ttl)).isEqualTo(2);
      assertThat(tool.err()).contains("--ttl '" + ttl + "' is not");
    }
  }

  @Test
  void binaryKeys_areNeverPrintedRaw() {
    assertThat(tool.run("put", "--hex", "00ff1b", "0d0a")).isZero();
    assertThat(tool.run("scan")).isZero();
    assertThat(tool.out()).isEqualTo("\\x00\\xff\\x1b\t\\x0d\\x0a\n");
    assertThat(tool.run("scan", "--hex")).isZero();
    assertThat(tool.out()).isEqualTo("00ff1b\t0d0a\n");
    assertThat(tool.run("scan", "--base64")).isZero();
    assertThat(tool.out()).isEqualTo("AP8b\tDQo=\n");
    assertThat(tool.run("scan", "--output", "json")).isZero();
    assertThat(tool.out())
        .isEqualTo("{\"key_base64\":\"AP8b\",\"value\":\"\\r\\n\",\"revision\":101}\n");
  }

  @Test
  void put_ifAbsent_doesNotOverwrite() {
    assertThat(tool.run("put", "lock", "me", "--if-absent")).isZero();
    assertThat(tool.run("put", "lock", "you", "--if-absent")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo(
            "flotilla: key 'lock' is present already, at revision 101; nothing was written\n");
  }

  @Test
  void put_fromFile_takesTheBytes(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("v"), new byte[] {0, 1, 2});
    assertThat(tool.run("put", "k", "--file", file.toString())).isZero();
    assertThat(tool.run("get", "k")).isZero();
    assertThat(tool.out()).isEqualTo("\\x00\\x01\\x02\n");
    assertThat(tool.input(new byte[] {65}).run("put", "k", "--file", "-")).isZero();
    assertThat(tool.run("get", "k")).isZero();
    assertThat(tool.out()).isEqualTo("A\n");
    assertThat(tool.run("put", "k", "--file", directory.resolve("none").toString())).isEqualTo(1);
    assertThat(tool.err()).contains("there is no such file");
  }

  @Test
  void put_valueOverOneMebibyte_isUsage(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("big"), new byte[(1 << 20) + 1]);
    assertThat(tool.run("put", "k", "--file", file.toString())).isEqualTo(2);
    assertThat(tool.err()).contains("--file").contains("more than 1 MiB");
    assertThat(tool.run("put", "k", "x".repeat((1 << 20) + 1))).isEqualTo(2);
    assertThat(tool.err()).contains("VALUE 'xxx").contains("has 1048577 bytes");
    assertThat(tool.cluster.kv.rows).isEmpty();
  }

  @Test
  void cas_appliesOnlyOnTheRevision() {
    assertThat(tool.run("cas", "counter", "absent", "1")).isZero();
    assertThat(tool.run("cas", "counter", "0", "1")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: key 'counter' is not absent: its revision is 101\n");
    assertThat(tool.run("cas", "counter", "101", "2")).isZero();
    assertThat(tool.run("cas", "counter", "101", "3")).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: key 'counter' does not have revision 101: its revision is 102\n");
    assertThat(tool.run("cas", "counter", "12x", "3")).isEqualTo(2);
    assertThat(tool.err()).contains("REVISION '12x' is not a revision");
  }

  @Test
  void delete_isIdempotent() {
    tool.run("put", "k", "v");
    assertThat(tool.run("delete", "k", "--revision", "5")).isEqualTo(1);
    assertThat(tool.run("delete", "k")).isZero();
    assertThat(tool.out()).isEqualTo("deleted\n");
    assertThat(tool.run("delete", "k")).isZero();
    assertThat(tool.out()).isEqualTo("nothing to delete: the key is absent\n");
    assertThat(tool.run("delete", "k", "--output=json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"deleted\":false,\"revision\":0}\n");
  }

  @Test
  void scan_followsItsOptions() {
    for (String key : new String[] {"a", "b/1", "b/2", "b/3", "c"}) {
      tool.run("put", key, "v" + key);
    }
    assertThat(tool.run("scan", "--prefix", "b/", "--keys-only")).isZero();
    assertThat(tool.out()).isEqualTo("b/1\nb/2\nb/3\n");
    assertThat(tool.run("scan", "--from", "b", "--to", "c", "--reverse", "--limit", "2")).isZero();
    assertThat(tool.out()).isEqualTo("b/3\tvb/3\nb/2\tvb/2\n");
    assertThat(tool.run("scan", "--count")).isZero();
    assertThat(tool.out()).isEqualTo("5\n");
    assertThat(tool.run("scan", "--count", "--output", "json")).isZero();
    assertThat(tool.out()).isEqualTo("{\"count\":5}\n");
  }

  @Test
  void endpointsAndTimeout_comeFromFlagsBeforeTheEnvironment() {
    tool.run("scan");
    assertThat(tool.endpoints()).containsExactly(new HostPort("127.0.0.1", 7001));
    assertThat(tool.timeout()).isEqualTo(Duration.ofSeconds(10));
    ToolRun other = new ToolRun(Map.of("FLOTILLA_ENDPOINTS", "a:1, [::1]:2,a:1"));
    other.run("scan", "--timeout", "500ms");
    assertThat(other.endpoints()).containsExactly(new HostPort("a", 1), new HostPort("::1", 2));
    assertThat(other.timeout()).isEqualTo(Duration.ofMillis(500));
    other.run("scan", "--endpoints", "b:3");
    assertThat(other.endpoints()).containsExactly(new HostPort("b", 3));
  }
}
