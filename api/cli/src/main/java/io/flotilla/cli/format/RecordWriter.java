package io.flotilla.cli.format;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;

/** Writes records, one a line, so that a {@link RecordReader} gives the same bytes back. */
public interface RecordWriter {
  /** A writer into a buffered stream, which the caller flushes and closes. */
  static RecordWriter of(RecordFormat format, Encoding encoding, OutputStream out) {
    return format == RecordFormat.TSV
        ? new TsvWriter(out, encoding)
        : new JsonLinesWriter(out, encoding);
  }

  /**
   * Writes one record.
   *
   * @throws IllegalArgumentException when the format cannot hold the record; nothing is written
   */
  void write(ByteString key, ByteString value) throws IOException;
}
