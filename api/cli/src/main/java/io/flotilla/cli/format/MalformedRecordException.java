package io.flotilla.cli.format;

/** A line of a file that holds no record. The reader can go on with the next line. */
public final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long line;

  MalformedRecordException(long line, String reason) {
    super(reason);
    this.line = line;
  }

  /** Number of the line in the file, from 1. */
  public long line() {
    return line;
  }
}
