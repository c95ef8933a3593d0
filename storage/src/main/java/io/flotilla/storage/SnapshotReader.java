package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot file from start to end and checks every byte of it. Used by one thread at a
 * time.
 */
final class SnapshotReader {

  /** A row of a chunk. */
  record Row(Payload key, Payload value) {}

  /** Rows of one table in key order. */
  record Chunk(Table table, List<Row> rows) {}

  private final StoreFiles files;
  private final String file;
  private final MessageDigest hash = SnapshotFormat.newHash();
  private final Payload metadata;
  private final List<RowRange> ranges;
  private long offset;
  private long rows;
  private @Nullable SnapshotInfo info;

  /** Opens a file and reads its header. */
  SnapshotReader(StoreFiles files, String file) {
    this.files = files;
    this.file = file;
    if (files.size(file) < 0) {
      throw new StoreException("there is no snapshot file " + file);
    }
    ByteSource header = new ByteSource("the header of " + this, body(SnapshotFormat.HEADER));
    if (header.u32() != SnapshotFormat.MAGIC) {
      throw new StoreCorruptException(this + " is not a snapshot");
    }
    int version = header.u8();
    if (version != SnapshotFormat.VERSION) {
      throw new StoreException(
          this + " has format " + version + ", this program reads " + SnapshotFormat.VERSION);
    }
    this.metadata = header.blob();
    this.ranges = List.copyOf(RangeCodec.get(header));
    header.end();
  }

  /** Checks the whole file. */
  static SnapshotInfo verify(StoreFiles files, String file) {
    SnapshotReader reader = new SnapshotReader(files, file);
    while (reader.next() != null) {
      continue;
    }
    return reader.info();
  }

  Payload metadata() {
    return metadata;
  }

  /** The next chunk, or null when the file ended as it should. */
  @Nullable Chunk next() {
    Payload head = files.read(file, offset, 1);
    if (!head.isEmpty() && head.at(0) == SnapshotFormat.TRAILER) {
      trailer();
      return null;
    }
    ByteSource body = new ByteSource("a chunk of " + this, body(SnapshotFormat.CHUNK));
    Table table = RangeCodec.table(body.u8());
    int count = body.u32();
    List<Row> chunk = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Row row = new Row(body.blob(), body.blob());
      checkRow(table, row);
      chunk.add(row);
    }
    body.end();
    rows += count;
    return new Chunk(table, chunk);
  }

  /** What the file holds, once {@link #next} has answered null. */
  SnapshotInfo info() {
    if (info == null) {
      throw new IllegalStateException("the file was not read to its end");
    }
    return info;
  }

  private void checkRow(Table table, Row row) {
    if (row.key().isEmpty() || row.key().size() > Table.MAX_KEY_BYTES) {
      throw new StoreCorruptException(this + " has a key of " + row.key().size() + " bytes");
    }
    for (RowRange range : ranges) {
      if (range.table() == table && range.contains(row.key())) {
        return;
      }
    }
    throw new StoreCorruptException(this + " has a row outside its own ranges");
  }

  private void trailer() {
    long before = offset;
    Payload sha256 = Payload.of(hash.digest());
    ByteSource body = new ByteSource("the trailer of " + this, body(SnapshotFormat.TRAILER));
    boolean same = body.u64() == rows && body.u64() == before && body.raw(32).equals(sha256);
    body.end();
    if (!same) {
      throw new StoreCorruptException(this + " does not have the content its trailer names");
    }
    if (files.size(file) != offset) {
      throw new StoreCorruptException(this + " has bytes after its trailer");
    }
    info = new SnapshotInfo(file, metadata, ranges, rows, offset, sha256);
  }

  private Payload body(int tag) {
    Payload head = files.read(file, offset, SnapshotFormat.FRAME_HEAD_BYTES);
    ByteSource in = new ByteSource(toString(), head);
    int foundTag = in.u8();
    int length = in.u32();
    if (foundTag != tag || length < 0 || length > SnapshotFormat.MAX_BODY_BYTES) {
      throw new StoreCorruptException(this + " is damaged at byte " + offset);
    }
    int total = SnapshotFormat.FRAME_HEAD_BYTES + length + SnapshotFormat.CRC_BYTES;
    Payload frame = files.read(file, offset, total);
    if (frame.size() != total) {
      throw new StoreCorruptException(this + " is cut off at byte " + (offset + frame.size()));
    }
    byte[] bytes = frame.toByteArray();
    int crc = frame.asReadOnlyByteBuffer().getInt(total - SnapshotFormat.CRC_BYTES);
    if (crc != RecordCodec.crc(bytes, 0, total - SnapshotFormat.CRC_BYTES)) {
      throw new StoreCorruptException(
          this + " is damaged between byte " + offset + " and " + (offset + total));
    }
    hash.update(bytes);
    offset += total;
    ByteSource whole = new ByteSource(toString(), frame);
    whole.raw(SnapshotFormat.FRAME_HEAD_BYTES);
    return whole.raw(length);
  }

  @Override
  public String toString() {
    return "snapshot file " + file;
  }
}
