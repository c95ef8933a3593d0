package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The byte form of journal blocks: a header of 20 bytes, then records without gaps.
 *
 * <pre>
 * offset  bytes  field
 *      0      1  format version, 1
 *      1      3  zero
 *      4      4  number of records
 *      8      8  sequence number, the same as in the key
 *     16      4  CRC32C of the sixteen bytes before
 * </pre>
 */
final class BlockCodec {

  static final int HEADER_BYTES = 20;

  private static final byte VERSION = 1;
  private static final int CRC_AT = 16;

  private BlockCodec() {}

  /** Writes the header over the first bytes of a block. */
  static void putHeader(byte[] block, long seq, int records) {
    ByteBuffer out = ByteBuffer.wrap(block);
    out.put(VERSION).put((byte) 0).putShort((short) 0).putInt(records).putLong(seq);
    out.putInt(RecordCodec.crc(block, 0, CRC_AT));
  }

  /** Hands out all records of a block in order; throws when anything in it is damaged. */
  static void read(Payload value, long seq, Consumer<JournalRecord> records) {
    byte[] block = value.toByteArray();
    if (block.length < HEADER_BYTES) {
      throw RecordCodec.corrupt(seq, 0, "it has " + block.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(block);
    if (header.getInt(CRC_AT) != RecordCodec.crc(block, 0, CRC_AT)) {
      throw RecordCodec.corrupt(seq, 0, "the checksum of the header is wrong");
    }
    if (header.get(0) != VERSION) {
      throw new StoreException(
          "journal block " + seq + " has format " + header.get(0) + ", this program reads 1");
    }
    if (header.getLong(8) != seq) {
      throw RecordCodec.corrupt(seq, 8, "it calls itself block " + header.getLong(8));
    }
    int offset = HEADER_BYTES;
    for (int i = 0; i < header.getInt(4); i++) {
      JournalRecord record = RecordCodec.read(block, offset, seq, 0);
      offset += record.length();
      records.accept(record);
    }
    if (offset != block.length) {
      throw RecordCodec.corrupt(seq, offset, "bytes follow the last record");
    }
  }
}
