package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The byte form of snapshot files: frames without gaps.
 *
 * <pre>
 * frame    tag (1), length of the body (4), body, CRC32C of all before in this frame (4)
 * header   tag 1: magic (4), version (1), metadata (blob), ranges
 * chunk    tag 2: table (1), number of rows (4), rows as key (blob), value (blob)
 * trailer  tag 3: number of rows (8), bytes before the trailer (8), their SHA-256 (32)
 * </pre>
 *
 * <p>A file is one header, chunks in range and key order, one trailer, and nothing else. The CRC of
 * a chunk finds damage when it is loaded; the hash finds chunks that are missing, doubled or from
 * another file.
 */
final class SnapshotFormat {

  static final int HEADER = 1;
  static final int CHUNK = 2;
  static final int TRAILER = 3;

  static final int MAGIC = 0x464c534e;
  static final int VERSION = 1;
  static final int FRAME_HEAD_BYTES = 5;
  static final int CRC_BYTES = 4;
  static final int MAX_BODY_BYTES = 64 << 20;

  private SnapshotFormat() {}

  static Payload frame(int tag, ByteSink body) {
    return new ByteSink().u8(tag).blob(body.toPayload()).crc().toPayload();
  }

  static ByteSink header(Payload metadata, List<RowRange> ranges) {
    ByteSink body = new ByteSink().u32(MAGIC).u8(VERSION).blob(metadata);
    RangeCodec.put(body, ranges);
    return body;
  }

  static MessageDigest newHash() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
