package io.flotilla.shard.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is reported, late, doubled, in any order: the routes tile the key space. */
class CatalogRoutesTest {
  private final TestCatalog catalog = new TestCatalog();
  private SplittableRandom random = new SplittableRandom(0);
  private long nextShard = 1_000;

  private static ShardDescriptor right(ShardDescriptor shard, String key, long shardId) {
    return shard.rightOf(
        Payload.utf8(key), shardId, List.of(shardId + 1, shardId + 2, shardId + 3));
  }

  private static Route led(ShardDescriptor shard) {
    return Descriptors.route(shard, 1, 6);
  }

  private List<KeyRange> ranges() {
    return catalog.machine().routes().stream()
        .map(route -> Descriptors.fromProto(route.getShard().getRange()))
        .toList();
  }

  private void assertTiled() {
    Payload at = Payload.EMPTY;
    List<KeyRange> ranges = ranges();
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(ranges.get(i).start()).as("in %s", ranges).isEqualTo(at);
      at = ranges.get(i).end();
      assertThat(at.isEmpty()).as("in %s", ranges).isEqualTo(i == ranges.size() - 1);
    }
    assertThat(ranges).isNotEmpty();
  }

  /** M15: nobody sees a gap between the halves. */
  @Test
  void bothHalvesTogetherTakeThePlaceOfTheParent() {
    ShardDescriptor parent = TestCatalog.FIRST_USER;
    ShardDescriptor left = parent.leftOf(Payload.utf8("m"));
    ShardDescriptor right = right(parent, "m", 1_000);

    catalog.report(List.of(led(left), led(right)));

    assertThat(catalog.machine().routes()).containsExactly(led(left), led(right));
    catalog.report(List.of(led(parent)));
    assertThat(catalog.machine().routes()).as("late").containsExactly(led(left), led(right));
  }

  @Test
  void oneHalfAloneDoesNotHideTheRest() {
    ShardDescriptor parent = TestCatalog.FIRST_USER;
    Route left = led(parent.leftOf(Payload.utf8("m")));
    Route right = led(right(parent, "m", 1_000));
    for (List<Route> order : List.of(List.of(left, right), List.of(right, left))) {
      TestCatalog fresh = new TestCatalog();
      fresh.report(order.subList(0, 1));
      assertThat(fresh.machine().routes()).containsExactly(Descriptors.route(parent, 0, 0));
      fresh.flushAndReopen();
      assertThat(fresh.machine().routes()).containsExactly(Descriptors.route(parent, 0, 0));

      fresh.report(order.subList(1, 2));
      assertThat(fresh.machine().routes()).containsExactly(left, right);
    }
  }

  @Test
  void newLeaderOfAParentIsShownWhileItsChildIsKnownAndItsSplitIsNot() {
    ShardDescriptor parent = TestCatalog.FIRST_USER;
    catalog.report(List.of(led(right(parent, "m", 1_000))));

    catalog.report(List.of(Descriptors.route(parent, 3, 9)));
    assertThat(catalog.machine().routes()).containsExactly(Descriptors.route(parent, 3, 9));

    catalog.flushAndReopen();
    assertThat(catalog.machine().routes()).containsExactly(Descriptors.route(parent, 3, 9));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void tilesTheKeySpaceAtEveryVersion(long seed) {
    random = new SplittableRandom(seed);
    List<ShardDescriptor> shards = new ArrayList<>(List.of(TestCatalog.FIRST_USER));
    List<List<Route>> reports = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reports.addAll(splitOne(shards));
    }
    for (int i = reports.size() / 3; i > 0; i--) {
      reports.add(reports.get(random.nextInt(reports.size()))); // comes twice
    }
    shuffle(reports);

    for (List<Route> report : reports) {
      catalog.report(report);
      assertTiled();
      if (random.nextInt(8) == 0) {
        reopenAndCompare();
      }
    }

    shards.sort(Comparator.comparing(shard -> shard.range().start()));
    assertThat(ranges()).isEqualTo(shards.stream().map(ShardDescriptor::range).toList());
    reopenAndCompare();
    assertThat(catalog.allRows().keySet())
        .as("nothing is left of what was hidden")
        .noneMatch(row -> row.at(1) == RouteBook.HIDING);
  }

  /** Splits a random shard at a random key; some leaders report both halves at once. */
  private List<List<Route>> splitOne(List<ShardDescriptor> shards) {
    int which = random.nextInt(shards.size());
    ShardDescriptor parent = shards.get(which);
    Payload key = Payload.utf8("%06d".formatted(random.nextInt(1_000_000)));
    if (!parent.range().canSplitAt(key)) {
      return List.of();
    }
    ShardDescriptor left = parent.leftOf(key);
    ShardDescriptor right = right(parent, key.toUtf8(), nextShard);
    nextShard += 4;
    shards.set(which, left);
    shards.add(right);
    Route leftRoute = Descriptors.route(left, 1 + random.nextInt(3), random.nextInt(9));
    Route rightRoute = Descriptors.route(right, 1 + random.nextInt(3), random.nextInt(9));
    return random.nextBoolean()
        ? List.of(List.of(leftRoute, rightRoute))
        : List.of(List.of(leftRoute), List.of(rightRoute));
  }

  private void shuffle(List<List<Route>> reports) {
    for (int i = reports.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      List<Route> swapped = reports.get(i);
      reports.set(i, reports.get(other));
      reports.set(other, swapped);
    }
  }

  private void reopenAndCompare() {
    List<Route> before = catalog.machine().routes();
    catalog.flushAndReopen();
    assertThat(catalog.machine().routes()).isEqualTo(before);
  }
}
