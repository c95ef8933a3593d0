package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import java.util.concurrent.CompletableFuture;

/**
 * One page of a scan, over as many shards as it takes to fill it.
 *
 * <p>Each shard is asked only for the part of the range it holds, and {@code cursor} moves past a
 * part only when it was answered. So a split meanwhile neither hides a key nor shows one twice: the
 * rest is always "all that lies beyond the last answered key", whoever holds it now.
 */
final class ScanCall {
  /** Rows of a page, at most. */
  static final int MAX_ROWS = 1_000;

  /** Bytes of a page, at most, unless a single row has more. */
  static final int MAX_BYTES = 1 << 20;

  /** Shards asked for one page, at most: a page over many empty shards ends early. */
  static final int MAX_SHARDS = 64;

  private final Dispatcher dispatcher;
  private final Request original;
  private final CallTerms terms;
  private final boolean reverse;
  private final int wanted;
  private final ScanReply.Builder page = ScanReply.newBuilder();
  private final CompletableFuture<Reply> result = new CompletableFuture<>();

  private KeyRange cursor;
  private int bytes;
  private int shards;

  ScanCall(Dispatcher dispatcher, Request original, CallTerms terms) {
    this.dispatcher = dispatcher;
    this.original = original;
    this.terms = terms;
    this.reverse = original.getScan().getReverse();
    int limit = original.getScan().getLimit();
    // Unsigned on the wire: a negative number is a very high limit.
    this.wanted = limit <= 0 ? MAX_ROWS : Math.min(limit, MAX_ROWS);
    this.cursor = original.getScan().getRange();
  }

  CompletableFuture<Reply> start() {
    next();
    return result;
  }

  private void next() {
    if (isEmpty(cursor)) {
      finish(false);
      return;
    }
    Request part =
        original.toBuilder()
            .setScan(
                original.getScan().toBuilder()
                    .setRange(cursor)
                    .setLimit(wanted - page.getRowsCount()))
            .build();
    Plan.OfRange plan = new Plan.OfRange(part);
    var unused =
        dispatcher.start(plan, part, terms).thenAccept(reply -> answered(plan.asked(), reply));
  }

  private void answered(KeyRange asked, Reply reply) {
    if (reply.hasError()) {
      if (page.getRowsCount() > 0) {
        // A short page is a good page; whoever asks for the rest will hear of the error.
        finish(true);
      } else {
        result.complete(reply);
      }
      return;
    }
    ScanReply part = reply.getScan();
    page.addAllAsOf(part.getAsOfList());
    for (Row row : part.getRowsList()) {
      int size = row.getSerializedSize();
      if (page.getRowsCount() > 0 && bytes + size > MAX_BYTES) {
        cursor = from(row.getKey());
        finish(true);
        return;
      }
      bytes += size;
      page.addRows(row);
    }
    if (part.hasNext()) {
      cursor = reverse ? upTo(part.getNext().getEnd()) : from(part.getNext().getStart());
      finish(true);
      return;
    }
    ByteString bound = reverse ? asked.getStart() : asked.getEnd();
    ByteString end = reverse ? cursor.getStart() : cursor.getEnd();
    if (bound.equals(end)) {
      finish(false);
      return;
    }
    cursor = reverse ? upTo(bound) : from(bound);
    if (page.getRowsCount() >= wanted || bytes >= MAX_BYTES || ++shards >= MAX_SHARDS) {
      finish(true);
    } else {
      next();
    }
  }

  /** What is left when the row with the key is the next to be read. */
  private KeyRange from(ByteString key) {
    return reverse
        ? upTo(page.getRows(page.getRowsCount() - 1).getKey())
        : cursor.toBuilder().setStart(key).build();
  }

  private KeyRange upTo(ByteString key) {
    return cursor.toBuilder().setEnd(key).build();
  }

  private void finish(boolean more) {
    if (more) {
      page.setNext(cursor);
    }
    result.complete(Reply.newBuilder().setScan(page).build());
  }

  private static boolean isEmpty(KeyRange range) {
    return !range.getEnd().isEmpty()
        && RouteMap.KEY_ORDER.compare(range.getStart(), range.getEnd()) >= 0;
  }
}
