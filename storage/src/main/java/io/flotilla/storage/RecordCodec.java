package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The byte form of journal records. All numbers are big-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  CRC32C of everything after it
 *      4      4  length of the payload
 *      8      1  kind
 *      9      8  shard
 *     17      8  replica
 *     25      8  term
 *     33      8  index
 *     41      …  payload
 * </pre>
 *
 * <p>A hard state keeps its vote in the index field and its commit in a payload of eight bytes.
 */
final class RecordCodec {

  static final int HEADER_BYTES = 41;
  static final int HARD_STATE_BYTES = HEADER_BYTES + 8;

  private static final int LENGTH_AT = 4;
  private static final int KIND_AT = 8;

  private RecordCodec() {}

  static int entryBytes(Entry entry) {
    return HEADER_BYTES + entry.payload().size();
  }

  static void putEntry(ByteBuffer out, ReplicaKey replica, Entry entry, boolean moved) {
    int start = out.position();
    Payload payload = entry.payload();
    RecordKind kind = RecordKind.ofEntry(entry.type(), moved);
    putHeader(out, replica, kind, payload.size());
    out.putLong(entry.term()).putLong(entry.index()).put(payload.asReadOnlyByteBuffer());
    seal(out, start);
  }

  static void putHardState(ByteBuffer out, ReplicaKey replica, HardState state) {
    int start = out.position();
    putHeader(out, replica, RecordKind.HARD_STATE, 8);
    out.putLong(state.term()).putLong(state.vote()).putLong(state.commit());
    seal(out, start);
  }

  /** A record without payload: reset, compact or remove. */
  static void putMarker(
      ByteBuffer out, ReplicaKey replica, RecordKind kind, long index, long term) {
    int start = out.position();
    putHeader(out, replica, kind, 0);
    out.putLong(term).putLong(index);
    seal(out, start);
  }

  /**
   * Reads a record and checks its CRC.
   *
   * @param bytes a block, or one record cut from it
   * @param at where the record starts in {@code bytes}
   * @param block names the block in the message of a failure
   * @param shift where {@code bytes} starts in the block
   */
  static JournalRecord read(byte[] bytes, int at, long block, int shift) {
    if (at < 0 || bytes.length - at < HEADER_BYTES) {
      throw corrupt(block, shift + at, "a record header is cut off");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int payloadBytes = in.getInt(at + LENGTH_AT);
    if (payloadBytes < 0 || payloadBytes > bytes.length - at - HEADER_BYTES) {
      throw corrupt(block, shift + at, "a record of " + payloadBytes + " bytes is cut off");
    }
    int length = HEADER_BYTES + payloadBytes;
    if (in.getInt(at) != crc(bytes, at + LENGTH_AT, length - LENGTH_AT)) {
      throw corrupt(block, shift + at, "the checksum of a record is wrong");
    }
    in.position(at + KIND_AT);
    RecordKind kind = RecordKind.ofCode(in.get(), block, shift + at);
    ReplicaKey replica = new ReplicaKey(in.getLong(), in.getLong());
    return new JournalRecord(
        kind, replica, in.getLong(), in.getLong(), new Slice(bytes, at, length));
  }

  static StoreCorruptException corrupt(long blockSeq, int offset, String what) {
    return new StoreCorruptException(
        "journal block " + blockSeq + " is damaged at byte " + offset + ": " + what);
  }

  static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static void putHeader(
      ByteBuffer out, ReplicaKey replica, RecordKind kind, int payloadBytes) {
    out.putInt(0).putInt(payloadBytes).put(kind.code());
    out.putLong(replica.shardId()).putLong(replica.replicaId());
  }

  private static void seal(ByteBuffer out, int start) {
    int from = start + LENGTH_AT;
    out.putInt(start, crc(out.array(), from, out.position() - from));
  }
}
