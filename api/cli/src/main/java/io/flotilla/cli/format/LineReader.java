package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream at line feeds. A line is bounded, so a file without any cannot fill the memory. */
final class LineReader {
  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] block = new byte[64 * 1024];
  private int position;
  private int limit;
  private long line;
  private byte[] buffer = new byte[512];

  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** Number of the line that was returned last, from 1. */
  long line() {
    return line;
  }

  /** The next line without its line feed; null at the end. */
  @Nullable ByteString next() throws IOException, MalformedRecordException {
    int length = 0;
    boolean tooLong = false;
    boolean any = false;
    while (fill()) {
      any = true;
      int end = position;
      while (end < limit && block[end] != '\n') {
        end++;
      }
      int part = end - position;
      tooLong |= length + part > maxLineBytes;
      if (!tooLong) {
        append(length, part);
        length += part;
      }
      boolean complete = end < limit;
      position = complete ? end + 1 : end;
      if (complete) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    line++;
    if (tooLong) {
      throw new MalformedRecordException(
          line, "longer than " + maxLineBytes + " bytes, more than any record can be");
    }
    return ByteString.copyFrom(buffer, 0, length);
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = in.read(block, 0, block.length);
    return limit > 0;
  }

  private void append(int length, int part) {
    if (length + part > buffer.length) {
      byte[] larger = new byte[Math.max(buffer.length * 2, length + part)];
      System.arraycopy(buffer, 0, larger, 0, length);
      buffer = larger;
    }
    System.arraycopy(block, position, buffer, length, part);
  }
}
