package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Bytes for the eyes. Text comes out as it is. Control characters, characters that turn the
 * direction of writing, and bytes that are no UTF-8 come out as {@code \xNN}; then a backslash is
 * doubled, so that the escapes can be told from text.
 */
public final class Printable {
  private Printable() {}

  /** The bytes as one line of text that a terminal can show. */
  public static String of(ByteString bytes) {
    if (bytes.isValidUtf8()) {
      String text = bytes.toStringUtf8();
      return text.codePoints().allMatch(Printable::isPlain) ? text : escape(bytes);
    }
    return escape(bytes);
  }

  /** The text, cut to a number of columns; an ellipsis marks the cut. */
  public static String cut(String text, int columns) {
    if (TextTable.width(text) <= columns) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      used += TextTable.width(codePoint);
      if (used > columns - 1) {
        break;
      }
      cut.appendCodePoint(codePoint);
      i += Character.charCount(codePoint);
    }
    return cut.append('…').toString();
  }

  /** Whether a character can be shown as it is. */
  static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      // Joiners belong to the spelling of many languages; direction overrides only mislead.
      case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D || codePoint == 0xAD;
      default -> true;
    };
  }

  private static String escape(ByteString bytes) {
    StringBuilder out = new StringBuilder();
    ByteBuffer in = bytes.asReadOnlyByteBuffer();
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(2);
    while (in.hasRemaining()) {
      int start = in.position();
      int codePoint = decodeOne(decoder, in, chars);
      if (codePoint < 0) {
        in.position(start + 1);
        escapeByte(out, bytes.byteAt(start));
      } else if (!isPlain(codePoint)) {
        for (int i = start; i < in.position(); i++) {
          escapeByte(out, bytes.byteAt(i));
        }
      } else if (codePoint == '\\') {
        out.append("\\\\");
      } else {
        out.appendCodePoint(codePoint);
      }
    }
    return out.toString();
  }

  /** Reads one character; -1 where the next byte begins none. */
  private static int decodeOne(CharsetDecoder decoder, ByteBuffer in, CharBuffer chars) {
    int start = in.position();
    int most = Math.min(4, in.remaining());
    for (int length = 1; length <= most; length++) {
      decoder.reset();
      chars.clear();
      CoderResult result = decoder.decode(in.slice(start, length), chars, true);
      if (!result.isError() && chars.position() > 0) {
        in.position(start + length);
        chars.flip();
        return Character.codePointAt(chars, 0);
      }
    }
    return -1;
  }

  private static void escapeByte(StringBuilder out, byte value) {
    out.append("\\x").append(HexFormat.of().toHexDigits(value));
  }
}
