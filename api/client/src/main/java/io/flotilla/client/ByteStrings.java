package io.flotilla.client;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How bytes are shown to people: as text where they are printable text, else as hexadecimal. */
final class ByteStrings {
  private static final int SHOWN_BYTES = 64;

  private ByteStrings() {}

  static String show(byte[] bytes) {
    int shown = Math.min(bytes.length, SHOWN_BYTES);
    String more = shown < bytes.length ? "… (" + bytes.length + " bytes)" : "";
    return printable(bytes, shown)
        ? new String(bytes, 0, shown, StandardCharsets.US_ASCII) + more
        : "0x" + HexFormat.of().formatHex(bytes, 0, shown) + more;
  }

  static String utf8(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
  }

  private static boolean printable(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0x20 || bytes[i] > 0x7e) {
        return false;
      }
    }
    return true;
  }
}
