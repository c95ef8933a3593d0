package io.flotilla.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them ({@code 500ms}, {@code 10s}, {@code 1m}) and as they read them. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");

  private Durations() {}

  /**
   * Reads a time; a number without a unit is seconds.
   *
   * @throws IllegalArgumentException with what is wanted instead
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time; a number with ms, s, m or h is wanted, such as 500ms");
    }
    long number = Long.parseLong(form.group(1));
    String unit = form.group(2) == null ? "s" : form.group(2);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }

  /** A time as {@link #parse} reads it, in the largest unit that is exact. */
  public static String write(Duration time) {
    long millis = time.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }

  /** A time for people: the two units that matter. */
  public static String show(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 1) {
      return time.toMillis() + " ms";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + "h " + seconds / 60 % 60 + "m";
    }
    return seconds / 86_400 + "d " + seconds / 3600 % 24 + "h";
  }
}
