package io.flotilla.sim.invariants;

import com.google.protobuf.ByteString;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;

/** A user row as it must stand in the store: revision, flags, when it expires if it does, value. */
final class StoredRow {
  private StoredRow() {}

  static Payload of(long revision, long expiryMillis, ByteString value) {
    byte[] header =
        expiryMillis == 0
            ? ByteBuffer.allocate(9).putLong(revision).array()
            : ByteBuffer.allocate(17).putLong(revision).put((byte) 1).putLong(expiryMillis).array();
    return Payload.of(ByteString.copyFrom(header).concat(value).toByteArray());
  }

  static long revision(Payload row) {
    return row.asReadOnlyByteBuffer().getLong(0);
  }

  static long expiry(Payload row) {
    return row.at(8) == 0 ? 0 : row.asReadOnlyByteBuffer().getLong(9);
  }

  static ByteString value(Payload row) {
    return ByteString.copyFrom(row.asReadOnlyByteBuffer()).substring(row.at(8) == 0 ? 9 : 17);
  }

  /** The time of a shard with this last revision. */
  static long timeMillis(long revision) {
    return revision >> 16;
  }

  static boolean isOver(Payload row, long lastRevision) {
    return expiry(row) != 0 && expiry(row) <= timeMillis(lastRevision);
  }
}
