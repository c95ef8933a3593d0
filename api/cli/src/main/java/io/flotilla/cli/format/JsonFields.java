package io.flotilla.cli.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import java.util.Locale;

/**
 * Keys and values as fields of JSON objects: {@code key}, {@code key_base64} or {@code key_hex}.
 */
public final class JsonFields {
  private JsonFields() {}

  /** Puts bytes into an object; what is no text falls back to base64. */
  public static void put(ObjectNode object, Encoding encoding, String name, ByteString bytes) {
    Encoding used = of(encoding, bytes);
    object.put(name(used, name), used.encode(bytes));
  }

  static Encoding of(Encoding encoding, ByteString bytes) {
    return encoding == Encoding.TEXT && !bytes.isValidUtf8() ? Encoding.BASE64 : encoding;
  }

  static String name(Encoding encoding, String name) {
    return encoding == Encoding.TEXT ? name : name + "_" + encoding.name().toLowerCase(Locale.ROOT);
  }
}
