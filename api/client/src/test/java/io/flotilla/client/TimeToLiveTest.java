package io.flotilla.client;

import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes out with a write and comes back with an entry; the server keeps the time. */
class TimeToLiveTest {
  private static final Duration TTL = Duration.ofMillis(1_234);
  private static final Optional<Instant> EXPIRY = Optional.of(Instant.ofEpochMilli(1_234));

  private FakeCluster cluster;
  private FlotillaClient client;
  private Kv kv;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(1);
    client = cluster.client().build();
    kv = client.kv();
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
  }

  private Optional<Instant> expiry(String key) {
    return kv.get(key).orElseThrow().expiresAt();
  }

  @Test
  void everyWriteOfAValueTakesATime() {
    kv.put(key("put"), value("v"), TTL);
    kv.putIfAbsent(key("absent"), value("v"), TTL);
    kv.compareAndSet(key("set"), 0, value("v"), TTL);
    assertThat(kv.getAndPut(key("swap"), value("v"), TTL).existing()).isEmpty();
    kv.batch(Batch.empty().put(key("batch"), value("v"), TTL).put(key("stays"), value("v")));
    for (String key : List.of("put", "absent", "set", "swap", "batch")) {
      assertThat(expiry(key)).as(key).isEqualTo(EXPIRY);
    }
    assertThat(expiry("stays")).isEmpty();
    kv.put("put", "v");
    assertThat(expiry("put")).isEmpty();
  }

  @Test
  void scansAndPreviousValuesTellTheExpiry() {
    kv.put(key("a"), value("v"), TTL);
    assertThat(kv.scanPage(Scan.all()).entries())
        .extracting(Entry::expiresAt)
        .containsExactly(EXPIRY);
    assertThat(kv.getAndPut(key("a"), value("w")).existing())
        .map(Entry::expiresAt)
        .contains(EXPIRY);
  }

  @Test
  void timesOutOfBoundsAreRefusedBeforeAnythingIsSent() {
    for (Duration ttl :
        List.of(Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(3_650).plusMillis(1))) {
      assertThatThrownBy(() -> kv.put(key("a"), value("v"), ttl))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 ms to 3,650 days");
      assertThatThrownBy(() -> Batch.empty().put(key("a"), value("v"), ttl))
          .isInstanceOf(IllegalArgumentException.class);
    }
    kv.put(key("a"), value("v"), Duration.ofDays(3_650));
    assertThat(cluster.store.writes()).isEqualTo(1);
  }
}
