package io.flotilla.router.access;

import com.google.protobuf.ByteString;
import java.util.HexFormat;

/** Keys for people. */
final class Keys {
  private static final int MAX_SHOWN = 64;

  private Keys() {}

  /** As text where it is plain, else in hexadecimal; cut where it is long. */
  static String show(ByteString key) {
    ByteString shown = key.size() > MAX_SHOWN ? key.substring(0, MAX_SHOWN) : key;
    boolean plain = true;
    for (byte b : shown) {
      plain &= b >= 0x20 && b < 0x7F;
    }
    String text =
        plain ? shown.toStringUtf8() : "0x" + HexFormat.of().formatHex(shown.toByteArray());
    return shown.size() < key.size() ? text + "…" : text;
  }
}
