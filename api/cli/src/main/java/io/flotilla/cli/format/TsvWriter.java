package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes {@code key<TAB>value}; text leaves byte for byte, with nothing escaped. */
final class TsvWriter implements RecordWriter {
  private final OutputStream out;
  private final Encoding encoding;

  TsvWriter(OutputStream out, Encoding encoding) {
    this.out = out;
    this.encoding = encoding;
  }

  @Override
  public void write(ByteString key, ByteString value) throws IOException {
    ByteString keyField = field("key", key, key);
    ByteString valueField = field("value", key, value);
    keyField.writeTo(out);
    out.write('\t');
    valueField.writeTo(out);
    out.write('\n');
  }

  private ByteString field(String name, ByteString key, ByteString bytes) {
    if (encoding != Encoding.TEXT) {
      return ByteString.copyFrom(encoding.encode(bytes), StandardCharsets.US_ASCII);
    }
    if (!bytes.isValidUtf8()) {
      throw refused(name, key, "is not UTF-8 text");
    }
    for (int i = 0; i < bytes.size(); i++) {
      byte value = bytes.byteAt(i);
      if (value == '\t' || value == '\n' || value == '\r') {
        throw refused(name, key, "has a tab or the end of a line in it");
      }
    }
    return bytes;
  }

  private static IllegalArgumentException refused(String name, ByteString key, String problem) {
    return new IllegalArgumentException(
        "the %s of the record with key '%s' %s, which plain TSV cannot hold; use --format jsonl, or"
                .formatted(name, Printable.cut(Printable.of(key), 60), problem)
            + " --base64");
  }
}
