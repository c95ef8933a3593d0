package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.security.MessageDigest;

/** Copies ranges of one read transaction to a file. Used by one thread, once. */
final class SnapshotWriter {

  private final StoreFiles.Appender out;
  private final ExportSpec spec;
  private final int chunkBytes;
  private final MessageDigest hash = SnapshotFormat.newHash();
  private long rows;
  private long bytes;

  private SnapshotWriter(StoreFiles.Appender out, ExportSpec spec, int chunkBytes) {
    this.out = out;
    this.spec = spec;
    this.chunkBytes = chunkBytes;
  }

  /** Writes the file and makes it durable. */
  static SnapshotInfo write(
      OrderedStore.ReadTxn txn, StoreFiles files, ExportSpec spec, int chunkBytes) {
    try (StoreFiles.Appender out = files.create(spec.file())) {
      return new SnapshotWriter(out, spec, chunkBytes).run(txn);
    }
  }

  private SnapshotInfo run(OrderedStore.ReadTxn txn) {
    frame(SnapshotFormat.HEADER, SnapshotFormat.header(spec.metadata(), spec.ranges()));
    for (RowRange range : spec.ranges()) {
      try (OrderedStore.Cursor cursor = txn.cursor(range.table())) {
        copy(cursor, range);
      }
    }
    Payload sha256 = Payload.of(hash.digest());
    frame(SnapshotFormat.TRAILER, new ByteSink().u64(rows).u64(bytes).raw(sha256));
    out.sync();
    return new SnapshotInfo(spec.file(), spec.metadata(), spec.ranges(), rows, bytes, sha256);
  }

  private void copy(OrderedStore.Cursor cursor, RowRange range) {
    ByteSink chunk = new ByteSink();
    int count = 0;
    boolean on = RangeEraser.seekStart(cursor, range);
    while (on) {
      Payload key = cursor.key();
      if (!range.contains(key)) {
        break;
      }
      chunk.blob(key).blob(cursor.value());
      count++;
      if (chunk.size() >= chunkBytes) {
        chunk(range.table(), count, chunk);
        chunk = new ByteSink();
        count = 0;
      }
      on = cursor.next();
    }
    if (count > 0) {
      chunk(range.table(), count, chunk);
    }
  }

  private void chunk(Table table, int count, ByteSink body) {
    rows += count;
    ByteSink head = new ByteSink().u8(RangeCodec.code(table)).u32(count);
    frame(SnapshotFormat.CHUNK, head.raw(body.toPayload()));
  }

  private void frame(int tag, ByteSink body) {
    Payload frame = SnapshotFormat.frame(tag, body);
    hash.update(frame.asReadOnlyByteBuffer());
    bytes += frame.size();
    out.append(frame);
  }
}
