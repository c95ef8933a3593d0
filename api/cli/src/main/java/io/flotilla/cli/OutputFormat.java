package io.flotilla.cli;

import java.util.Locale;

/** How results are written. */
enum OutputFormat {
  TEXT,
  JSON;

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
