package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.router.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scans over shards that split while they run. */
class ScanTest {
  private static final int ROWS = 57;

  private FakeCluster cluster;
  private FlotillaClient client;
  private Kv kv;
  private final List<String> keys = new ArrayList<>();

  @BeforeEach
  void fill() throws IOException {
    cluster = new FakeCluster(2);
    client = cluster.client().build();
    kv = client.kv();
    for (int i = 0; i < ROWS; i++) {
      String key = "k%02d".formatted(i);
      keys.add(key);
      kv.put(key, "v" + i);
    }
    cluster.split("k20");
    cluster.split("k40");
    cluster.lead(4, 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void goesOverPagesAndShards() {
    assertThat(read(Scan.all().pageSize(7))).isEqualTo(keys);
    assertThat(read(Scan.all())).isEqualTo(keys);
  }

  @Test
  void goesBackwards() {
    List<String> backwards = new ArrayList<>(keys);
    Collections.reverse(backwards);
    assertThat(read(Scan.all().reversed().pageSize(7))).isEqualTo(backwards);
    assertThat(read(Scan.range(key("k10"), key("k45")).reversed()))
        .isEqualTo(backwards.subList(ROWS - 45, ROWS - 10));
  }

  @Test
  void endsAtTheLimit() {
    assertThat(read(Scan.all().limit(25).pageSize(10))).isEqualTo(keys.subList(0, 25));
    assertThat(read(Scan.all().reversed().limit(1))).containsExactly("k56");
    assertThat(read(Scan.all().limit(0))).isEmpty();
    assertThat(kv.scanPage(Scan.all().limit(10)).next()).isEmpty();
  }

  @Test
  void seesTheShardsThatSplitMeanwhile() {
    Page first = kv.scanPage(Scan.all().pageSize(5));
    cluster.split("k10");
    cluster.split("k30");
    List<String> all = new ArrayList<>(texts(first));
    all.addAll(read(first.next().orElseThrow()));
    assertThat(all).isEqualTo(keys);
  }

  @Test
  void leavesValuesOut() {
    assertThat(kv.scan(Scan.prefix("k0").keysOnly()))
        .hasSize(10)
        .allMatch(entry -> entry.value().equals(Value.EMPTY) && entry.revision() > 0);
  }

  @Test
  void anEmptyRangeIsNotAskedFor() throws Exception {
    long before = cluster.node(1).count(request -> request.hasScan());
    assertThat(read(Scan.range(key("k3"), key("k3")))).isEmpty();
    Page page = await(client.async().scan(Scan.range(key("b"), key("a"))));
    assertThat(page).isEqualTo(new Page(List.of(), Optional.empty()));
    assertThat(cluster.node(1).count(request -> request.hasScan())).isEqualTo(before);
  }

  @Test
  void theLongestKeyCanEndAPage() {
    Key longest = Key.of("x".repeat(Key.MAX_BYTES));
    kv.put(longest, value("1"));
    kv.put("y", "2");
    Page page = kv.scanPage(Scan.from(key("x")).pageSize(1));
    assertThat(page.entries()).extracting(Entry::key).containsExactly(longest);
    assertThat(kv.scanPage(page.next().orElseThrow()).entries())
        .extracting(Entry::key)
        .containsExactly(key("y"));
  }

  @Test
  void isLazyAndCanGoOnAfterAFailure() {
    Iterator<Entry> entries = kv.scanIterator(Scan.all().pageSize(10));
    assertThat(cluster.node(1).count(request -> request.hasScan())).isZero();
    for (int i = 0; i < 10; i++) {
      entries.next();
    }
    cluster.node(1).script =
        request -> Optional.of(Failures.rejected(ErrorCode.ERROR_CODE_WRONG_CLUSTER, "no"));
    assertThat(failureOf(entries::hasNext).code())
        .isEqualTo(io.flotilla.client.ErrorCode.WRONG_CLUSTER);
    cluster.node(1).script = request -> Optional.empty();
    assertThat(entries.next().key()).isEqualTo(key("k10"));
    while (entries.hasNext()) {
      entries.next();
    }
    assertThatThrownBy(entries::next).isInstanceOf(NoSuchElementException.class);
  }

  private List<String> read(Scan scan) {
    try (Stream<Entry> entries = kv.scan(scan)) {
      return entries.map(entry -> entry.key().text()).toList();
    }
  }

  private static List<String> texts(Page page) {
    return page.entries().stream().map(entry -> entry.key().text()).toList();
  }
}
