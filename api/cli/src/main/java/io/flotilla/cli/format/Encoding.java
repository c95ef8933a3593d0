package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.HexFormat;

/** How keys and values are written as text, on a command line and in a TSV file. */
public enum Encoding {
  /** UTF-8, as it is. Bytes that are no UTF-8 cannot be written this way. */
  TEXT {
    @Override
    public ByteString decode(String text) {
      // A replacement character is what the JVM makes of bytes that are no text in this locale.
      if (text.indexOf('\uFFFD') >= 0) {
        throw new IllegalArgumentException(
            "is not valid UTF-8 text; give it in --hex or --base64 instead");
      }
      return ByteString.copyFromUtf8(text);
    }

    @Override
    public String encode(ByteString bytes) {
      if (!bytes.isValidUtf8()) {
        throw new IllegalArgumentException("is not UTF-8 text");
      }
      return bytes.toStringUtf8();
    }
  },
  /** Two hexadecimal digits a byte; either case is read, lower case is written. */
  HEX {
    @Override
    public ByteString decode(String text) {
      try {
        return ByteString.copyFrom(HexFormat.of().parseHex(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "is not hexadecimal: an even number of digits 0-9, a-f is wanted", e);
      }
    }

    @Override
    public String encode(ByteString bytes) {
      return HexFormat.of().formatHex(bytes.toByteArray());
    }
  },
  /** Base64 of RFC 4648 section 4; padding is written, and not needed when read. */
  BASE64 {
    @Override
    public ByteString decode(String text) {
      try {
        return ByteString.copyFrom(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "is not base64 (letters, digits, + and /): " + e.getMessage(), e);
      }
    }

    @Override
    public String encode(ByteString bytes) {
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
  };

  /**
   * The bytes that a text stands for.
   *
   * @throws IllegalArgumentException with a message that continues a sentence such as "KEY …"
   */
  public abstract ByteString decode(String text);

  /**
   * The text for some bytes; {@link #decode} gives the same bytes back.
   *
   * @throws IllegalArgumentException when this encoding cannot say them
   */
  public abstract String encode(ByteString bytes);

  /** The text to show to a person: never a control character, whatever the bytes are. */
  public String show(ByteString bytes) {
    return this == TEXT ? Printable.of(bytes) : encode(bytes);
  }
}
