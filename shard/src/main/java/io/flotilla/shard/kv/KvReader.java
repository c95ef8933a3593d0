package io.flotilla.shard.kv;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.Row;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.RowRange;
import io.flotilla.storage.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a user shard's rows, as they are now. The caller has checked that they may be read. What
 * the last revision tells is the time: rows that have expired by then are not seen.
 */
public final class KvReader {
  private KvReader() {}

  public static GetReply get(ReplicaState rows, long lastRevision, ByteString key) {
    Payload stored = rows.get(Table.DATA, KeySpace.userRow(Descriptors.payload(key)));
    return RowValue.toReply(Expiries.visible(stored, Stamps.millis(lastRevision)));
  }

  public static MultiGetReply multiGet(
      ReplicaState rows, long lastRevision, MultiGetRequest request) {
    long nowMillis = Stamps.millis(lastRevision);
    List<Payload> keys = new ArrayList<>(request.getKeysCount());
    for (ByteString key : request.getKeysList()) {
      keys.add(KeySpace.userRow(Descriptors.payload(key)));
    }
    MultiGetReply.Builder reply = MultiGetReply.newBuilder();
    for (Payload stored : rows.getAll(Table.DATA, keys)) {
      reply.addValues(RowValue.toReply(Expiries.visible(stored, nowMillis)));
    }
    return reply.build();
  }

  /**
   * One page of the part of the range that lies in the shard. The reply's {@code next} goes on
   * where the page ended, be it in this shard or in the neighbour. A page that met many rows that
   * have expired ends early, and may be empty.
   */
  public static ScanReply scan(
      ReplicaState rows, long lastRevision, ShardDescriptor shard, ScanRequest request) {
    KeyRange wanted = Descriptors.fromProto(request.getRange());
    KeyRange part = RangeParts.common(wanted, shard.range());
    int limit =
        request.getLimit() == 0
            ? Limits.MAX_SCAN_ROWS
            : Math.min(request.getLimit(), Limits.MAX_SCAN_ROWS);
    Page page = new Page(limit, request.getKeysOnly(), Stamps.millis(lastRevision));
    RowRange rowRange = KeySpace.rows(shard.shardId(), part);
    rows.scan(rowRange, request.getReverse(), page::add);
    @Nullable KeyRange next =
        page.full ? RangeParts.after(wanted, page.lastKey, request.getReverse()) : null;
    if (next == null && !page.full) {
      next = RangeParts.beyond(wanted, part, request.getReverse());
    }
    if (next != null) {
      page.reply.setNext(Descriptors.toProto(next));
    }
    return page.reply.build();
  }

  private static final class Page {
    final ScanReply.Builder reply = ScanReply.newBuilder();
    private final int limit;
    private final boolean keysOnly;
    private final long nowMillis;
    private int hidden;
    Payload lastKey = Payload.EMPTY;
    boolean full;
    private long bytes;

    Page(int limit, boolean keysOnly, long nowMillis) {
      this.limit = limit;
      this.keysOnly = keysOnly;
      this.nowMillis = nowMillis;
    }

    boolean add(Payload rowKey, Payload stored) {
      if (Expiries.isHidden(stored, nowMillis)) {
        lastKey = KeySpace.userKey(rowKey);
        full = ++hidden >= Limits.MAX_SCAN_ROWS;
        return !full;
      }
      long size = rowKey.size() + (keysOnly ? 0L : RowValue.valueBytes(stored));
      if (reply.getRowsCount() > 0 && bytes + size > Limits.MAX_SCAN_BYTES) {
        full = true;
        return false;
      }
      lastKey = KeySpace.userKey(rowKey);
      Row.Builder row =
          Row.newBuilder()
              .setKey(Descriptors.bytes(lastKey))
              .setRevision(RowValue.revision(stored))
              .setExpiresAtMillis(RowValue.expiryMillis(stored));
      if (!keysOnly) {
        row.setValue(RowValue.value(stored));
      }
      reply.addRows(row);
      bytes += size;
      full = reply.getRowsCount() >= limit;
      return !full;
    }
  }
}
