package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;

/** The byte form of install markers: version, file name, ranges, meta rows, CRC32C. */
final class InstallCodec {

  private static final int VERSION = 1;
  private static final String WHAT = "an install marker";

  private InstallCodec() {}

  static Payload encode(InstallSpec spec) {
    ByteSink out = new ByteSink().u8(VERSION).blob(Payload.utf8(spec.file()));
    RangeCodec.put(out, spec.ranges());
    out.u32(spec.meta().size());
    spec.meta().forEach((key, value) -> out.blob(key).blob(value));
    return out.crc().toPayload();
  }

  static InstallSpec decode(Payload key, Payload value) {
    byte[] bytes = value.toByteArray();
    int end = bytes.length - 4;
    ByteBuffer all = ByteBuffer.wrap(bytes);
    if (end < 0 || all.getInt(end) != RecordCodec.crc(bytes, 0, end)) {
      throw new StoreCorruptException(WHAT + " is damaged");
    }
    ByteSource in = new ByteSource(WHAT, value);
    if (in.u8() != VERSION) {
      throw new StoreException(WHAT + " has a format this program does not read");
    }
    String file = in.blob().toUtf8();
    List<RowRange> ranges = RangeCodec.get(in);
    TreeMap<Payload, Payload> meta = new TreeMap<>();
    int count = in.u32();
    for (int i = 0; i < count; i++) {
      Payload metaKey = in.blob();
      meta.put(metaKey, in.blob());
    }
    ByteSource replica = new ByteSource(WHAT, key);
    return new InstallSpec(new ReplicaKey(replica.u64(), replica.u64()), file, ranges, meta);
  }
}
