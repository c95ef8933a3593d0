package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.put;
import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KvReaderTest {
  private final TestShard shard = new TestShard();

  private static KeyRange range(String start, String end) {
    return KeyRange.newBuilder().setStart(utf8(start)).setEnd(utf8(end)).build();
  }

  private ScanReply scan(ScanRequest.Builder request) {
    return KvReader.scan(
        shard.rows(), shard.machine().lastRevision(), shard.descriptor(), request.build());
  }

  private ScanReply scanPart(ShardDescriptor part, ScanRequest.Builder request) {
    return KvReader.scan(shard.rows(), shard.machine().lastRevision(), part, request.build());
  }

  private static List<String> keys(ScanReply reply) {
    return reply.getRowsList().stream().map(row -> row.getKey().toStringUtf8()).toList();
  }

  /** Half of the rows are flushed, half are not. */
  private void letters(String letters) {
    for (int i = 0; i < letters.length(); i++) {
      String key = letters.substring(i, i + 1);
      shard.apply(100 + i, put(key, "value of " + key));
      if (i == letters.length() / 2) {
        shard.flush();
      }
    }
  }

  @Test
  void scanReadsARangeInOrder() {
    letters("dbace");

    ScanReply reply = scan(ScanRequest.newBuilder().setRange(range("b", "e")));

    assertThat(keys(reply)).containsExactly("b", "c", "d");
    assertThat(reply.getRows(0))
        .isEqualTo(
            Row.newBuilder()
                .setKey(utf8("b"))
                .setValue(utf8("value of b"))
                .setRevision(101)
                .build());
    assertThat(reply.hasNext()).isFalse();
  }

  @Test
  void scanWithoutARangeReadsEverything() {
    letters("dbace");

    assertThat(keys(scan(ScanRequest.newBuilder()))).containsExactly("a", "b", "c", "d", "e");
    assertThat(keys(scan(ScanRequest.newBuilder().setReverse(true))))
        .containsExactly("e", "d", "c", "b", "a");
  }

  @Test
  void scanOfNothingIsComplete() {
    ScanReply reply = scan(ScanRequest.newBuilder().setRange(range("x", "z")));

    assertThat(reply).isEqualTo(ScanReply.getDefaultInstance());
  }

  @Test
  void limitedScanGoesOnWhereThePageEnded() {
    letters("abcde");

    ScanReply page = scan(ScanRequest.newBuilder().setRange(range("a", "e")).setLimit(2));

    assertThat(keys(page)).containsExactly("a", "b");
    assertThat(page.getNext()).isEqualTo(range("b\0", "e"));
    ScanReply rest = scan(ScanRequest.newBuilder().setRange(page.getNext()));
    assertThat(keys(rest)).containsExactly("c", "d");
    assertThat(rest.hasNext()).isFalse();
  }

  @Test
  void limitedReverseScanGoesOnBelowThePage() {
    letters("abcde");

    ScanReply page =
        scan(ScanRequest.newBuilder().setRange(range("b", "")).setLimit(2).setReverse(true));

    assertThat(keys(page)).containsExactly("e", "d");
    assertThat(page.getNext()).isEqualTo(range("b", "d"));
    ScanReply rest = scan(ScanRequest.newBuilder().setRange(page.getNext()).setReverse(true));
    assertThat(keys(rest)).containsExactly("c", "b");
    assertThat(rest.hasNext()).isFalse();
  }

  @Test
  void fullPageThatEndsWithTheRangeIsComplete() {
    letters("abc");

    ScanReply forward = scan(ScanRequest.newBuilder().setRange(range("a", "b\0")).setLimit(2));
    assertThat(keys(forward)).containsExactly("a", "b");
    assertThat(forward.hasNext()).isFalse();

    ScanReply reverse =
        scan(ScanRequest.newBuilder().setRange(range("b", "d")).setLimit(2).setReverse(true));
    assertThat(keys(reverse)).containsExactly("c", "b");
    assertThat(reverse.hasNext()).isFalse();
  }

  @Test
  void keysOnlyLeavesTheValuesOut() {
    letters("ab");

    ScanReply reply = scan(ScanRequest.newBuilder().setKeysOnly(true));

    assertThat(reply.getRowsList())
        .containsExactly(
            Row.newBuilder().setKey(utf8("a")).setRevision(100).build(),
            Row.newBuilder().setKey(utf8("b")).setRevision(101).build());
  }

  /** M15: nobody sees a gap between the halves. */
  @Test
  void scanOverTheEndOfTheShardGoesOnInTheNeighbour() {
    letters("abxy");
    ShardDescriptor left = Shards.of(2, Shards.range("", "m"), 1);
    ShardDescriptor right = Shards.of(3, Shards.range("m", ""), 1);

    ScanReply first = scanPart(left, ScanRequest.newBuilder().setRange(range("b", "y")));
    assertThat(keys(first)).containsExactly("b");
    assertThat(first.getNext()).isEqualTo(range("m", "y"));
    ScanReply second = scanPart(right, ScanRequest.newBuilder().setRange(first.getNext()));
    assertThat(keys(second)).containsExactly("x");
    assertThat(second.hasNext()).isFalse();

    ScanReply down =
        scanPart(right, ScanRequest.newBuilder().setRange(range("b", "")).setReverse(true));
    assertThat(keys(down)).containsExactly("y", "x");
    assertThat(down.getNext()).isEqualTo(range("b", "m"));
    ScanReply further =
        scanPart(left, ScanRequest.newBuilder().setRange(down.getNext()).setReverse(true));
    assertThat(keys(further)).containsExactly("b");
    assertThat(further.hasNext()).isFalse();
  }

  @Test
  void scanWithOpenEndGoesOnToTheLastKey() {
    letters("ab");
    ShardDescriptor left = Shards.of(2, Shards.range("", "m"), 1);

    assertThat(scanPart(left, ScanRequest.newBuilder()).getNext()).isEqualTo(range("m", ""));
  }

  @Test
  void pageIsBoundedByRows() {
    for (int i = 0; i <= Limits.MAX_SCAN_ROWS; i++) {
      shard.apply(100, put("%05d".formatted(i), ""));
    }
    for (int asked : new int[] {0, Limits.MAX_SCAN_ROWS, Integer.MAX_VALUE}) {
      ScanReply page = scan(ScanRequest.newBuilder().setLimit(asked));
      assertThat(page.getRowsCount()).isEqualTo(Limits.MAX_SCAN_ROWS);
      assertThat(keys(scan(ScanRequest.newBuilder().setRange(page.getNext()))))
          .containsExactly("%05d".formatted(Limits.MAX_SCAN_ROWS));
    }
  }

  @Test
  void pageIsBoundedByBytesButHoldsOneRowAtLeast() {
    ByteString large = ByteString.copyFrom(new byte[Limits.MAX_VALUE_BYTES]);
    ByteString third = ByteString.copyFrom(new byte[Limits.MAX_SCAN_BYTES / 3]);
    shard.apply(100, put(PutRequest.newBuilder().setKey(utf8("a")).setValue(large)));
    for (String key : List.of("b", "c", "d")) {
      shard.apply(100, put(PutRequest.newBuilder().setKey(utf8(key)).setValue(third)));
    }

    List<List<String>> pages = new ArrayList<>();
    KeyRange next = KeyRange.getDefaultInstance();
    boolean more = true;
    while (more) {
      ScanReply page = scan(ScanRequest.newBuilder().setRange(next));
      pages.add(keys(page));
      more = page.hasNext();
      next = page.getNext();
    }
    // Row keys count, too: three thirds of a page and their keys are more than a page.
    assertThat(pages).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
    assertThat(keys(scan(ScanRequest.newBuilder().setKeysOnly(true))))
        .as("values that are not sent do not count")
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void multiGetAnswersInTheOrderAsked() {
    letters("abc");

    List<GetReply> values =
        KvReader.multiGet(
                shard.rows(),
                shard.machine().lastRevision(),
                MultiGetRequest.newBuilder()
                    .addKeys(utf8("c"))
                    .addKeys(utf8("no"))
                    .addKeys(utf8("a"))
                    .addKeys(utf8("c"))
                    .build())
            .getValuesList();

    assertThat(values).extracting(GetReply::getRevision).containsExactly(102L, 0L, 100L, 102L);
    assertThat(values.get(1).getFound()).isFalse();
  }
}
