package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads {@code key<TAB>value}. There are no escapes: a backslash is a backslash. */
final class TsvReader extends RecordReader {
  private final Encoding encoding;

  TsvReader(InputStream in, Encoding encoding) {
    super(in);
    this.encoding = encoding;
  }

  @Override
  KeyValue parse(ByteString line) {
    if (line.isEmpty()) {
      throw new IllegalArgumentException("is empty; KEY<TAB>VALUE is wanted");
    }
    int tab = indexOf(line, '\t', 0);
    if (tab < 0) {
      throw new IllegalArgumentException("has no tab; KEY<TAB>VALUE is wanted");
    }
    if (indexOf(line, '\t', tab + 1) >= 0) {
      throw new IllegalArgumentException(
          "has more than one tab; a value with a tab needs JSONL, --hex or --base64");
    }
    if (indexOf(line, '\r', 0) >= 0) {
      throw new IllegalArgumentException(
          "has a carriage return; convert the file to line feeds, or use JSONL or --base64");
    }
    ByteString key = line.substring(0, tab);
    ByteString value = line.substring(tab + 1);
    if (encoding == Encoding.TEXT) {
      requireUtf8("key", key);
      requireUtf8("value", value);
      return new KeyValue(key, value);
    }
    return new KeyValue(
        decode(encoding, "key", key.toString(StandardCharsets.ISO_8859_1)),
        decode(encoding, "value", value.toString(StandardCharsets.ISO_8859_1)));
  }

  private static void requireUtf8(String name, ByteString bytes) {
    if (!bytes.isValidUtf8()) {
      throw new IllegalArgumentException(
          name + " is not UTF-8 text; use JSONL, --hex or --base64 for binary data");
    }
  }

  private static int indexOf(ByteString bytes, char wanted, int from) {
    for (int i = from; i < bytes.size(); i++) {
      if (bytes.byteAt(i) == wanted) {
        return i;
      }
    }
    return -1;
  }
}
