package io.flotilla.cli.format;

import java.util.Locale;
import java.util.Optional;

/** What a file of records looks like. */
public enum RecordFormat {
  /** A key, a tab, a value, a line feed. */
  TSV,
  /** One JSON object with a key and a value a line; any bytes can be said. */
  JSONL;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Told from the name of a file, with or without {@code .gz}; empty when the name does not say.
   */
  public static Optional<RecordFormat> ofFileName(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    if (plain.endsWith(".gz")) {
      plain = plain.substring(0, plain.length() - ".gz".length());
    }
    if (plain.endsWith(".tsv") || plain.endsWith(".tab")) {
      return Optional.of(TSV);
    }
    if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
      return Optional.of(JSONL);
    }
    return Optional.empty();
  }
}
