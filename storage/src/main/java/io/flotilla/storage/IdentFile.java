package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The identity of a store: magic and version, the opaque bytes, CRC32C. */
final class IdentFile {

  private static final String NAME = "IDENT";
  private static final int MAGIC = 0x464c4901;

  private final StoreFiles files;

  IdentFile(StoreFiles files) {
    this.files = files;
  }

  @Nullable Payload read() {
    Payload content = files.readAll(NAME);
    if (content == null) {
      return null;
    }
    byte[] bytes = content.toByteArray();
    int end = bytes.length - 4;
    if (end < 0 || ByteBuffer.wrap(bytes).getInt(end) != RecordCodec.crc(bytes, 0, end)) {
      throw new StoreCorruptException("the file " + NAME + " is damaged");
    }
    ByteSource in = new ByteSource("the file " + NAME, content);
    if (in.u32() != MAGIC) {
      throw new StoreException("the file " + NAME + " is not from a store this program reads");
    }
    return in.blob();
  }

  void write(Payload ident) {
    files.replace(NAME, new ByteSink().u32(MAGIC).blob(ident).crc().toPayload());
  }
}
