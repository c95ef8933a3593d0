package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads records, one a line. A line that holds none is told by number and reason, and reading can
 * go on after it. Empty lines are such lines too: a file that was cut or mangled is not to look
 * whole.
 */
public abstract class RecordReader {
  /** A value of 1 MiB, each byte as a six-character JSON escape, and room for the key. */
  private static final int MAX_LINE_BYTES = 7 << 20;

  private final LineReader lines;

  RecordReader(InputStream in) {
    this.lines = new LineReader(in, MAX_LINE_BYTES);
  }

  /** A reader for plain (not compressed) bytes. The caller closes the stream. */
  public static RecordReader of(RecordFormat format, Encoding encoding, InputStream in) {
    return format == RecordFormat.TSV
        ? new TsvReader(in, encoding)
        : new JsonLinesReader(in, encoding);
  }

  /** The next record, its key and value within bounds; null at the end. */
  public final @Nullable KeyValue next() throws IOException, MalformedRecordException {
    ByteString line = lines.next();
    if (line == null) {
      return null;
    }
    try {
      KeyValue record = parse(line);
      check("key", Limits.problemOfKey(record.key()));
      check("value", Limits.problemOfValue(record.value()));
      return record;
    } catch (IllegalArgumentException e) {
      throw new MalformedRecordException(lines.line(), String.valueOf(e.getMessage()));
    }
  }

  /** Number of the line that was read last, from 1; 0 before the first. */
  public final long line() {
    return lines.line();
  }

  /**
   * The record in a line.
   *
   * @throws IllegalArgumentException with the reason when there is none
   */
  abstract KeyValue parse(ByteString line);

  /** Decodes one field and puts its name before the reason of a failure. */
  static ByteString decode(Encoding encoding, String name, String text) {
    try {
      return encoding.decode(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " " + e.getMessage(), e);
    }
  }

  private static void check(String name, @Nullable String problem) {
    if (problem != null) {
      throw new IllegalArgumentException(name + " " + problem);
    }
  }
}
