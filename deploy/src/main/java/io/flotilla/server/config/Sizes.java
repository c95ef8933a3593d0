package io.flotilla.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes as people write them: {@code 64MiB}, {@code 16GiB}. */
final class Sizes {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(kib|mib|gib|tib|b)?");

  private Sizes() {}

  /**
   * Reads a size; a number without a unit is bytes.
   *
   * @throws IllegalArgumentException if it is none, or out of the bounds
   */
  static long parse(String text, long least, long most) {
    Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException("is not a size such as 512MiB or 16GiB");
    }
    String unit = form.group(2) == null ? "b" : form.group(2);
    int shift =
        switch (unit) {
          case "kib" -> 10;
          case "mib" -> 20;
          case "gib" -> 30;
          case "tib" -> 40;
          default -> 0;
        };
    long number = Long.parseLong(form.group(1));
    long bytes = number << shift;
    if (bytes >> shift != number || bytes < least || bytes > most) {
      throw new IllegalArgumentException("is not from " + write(least) + " to " + write(most));
    }
    return bytes;
  }

  /** Bytes in a second; 0: no bound. */
  static long parseRate(String text) {
    String rate = text.trim().toLowerCase(Locale.ROOT);
    return rate.equals("unlimited") || rate.equals("0") ? 0 : parse(text, 1L << 20, 1L << 40);
  }

  /** A size as {@link #parse} reads it, in the largest unit that is exact. */
  static String write(long bytes) {
    String[] units = {"TiB", "GiB", "MiB", "KiB"};
    for (int i = 0; i < units.length; i++) {
      int shift = 40 - 10 * i;
      if (bytes >= 1L << shift && bytes % (1L << shift) == 0) {
        return (bytes >> shift) + units[i];
      }
    }
    return bytes + "B";
  }
}
