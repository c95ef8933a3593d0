package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.HardState;
import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A record as read from a block, its checksum already verified.
 *
 * @param index the index, or the vote of a hard state
 * @param bytes the whole record in its block
 */
record JournalRecord(RecordKind kind, ReplicaKey replica, long term, long index, Slice bytes) {

  Entry toEntry() {
    int from = bytes.offset + RecordCodec.HEADER_BYTES;
    int to = bytes.offset + bytes.length;
    Payload payload =
        from == to ? Payload.EMPTY : Payload.of(Arrays.copyOfRange(bytes.bytes, from, to));
    return new Entry(term, index, kind.entryType(), payload);
  }

  HardState toHardState() {
    long commit = ByteBuffer.wrap(bytes.bytes).getLong(bytes.offset + RecordCodec.HEADER_BYTES);
    return new HardState(term, index, commit);
  }

  int length() {
    return bytes.length;
  }

  int offset() {
    return bytes.offset;
  }
}
