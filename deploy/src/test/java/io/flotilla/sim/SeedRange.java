package io.flotilla.sim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Seeds from one to another, both included.
 *
 * @param last {@link Long#MAX_VALUE} if there is no end
 */
record SeedRange(long first, long last) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(\\.\\.(\\d{1,18})?)?");

  /**
   * Reads {@code 7}, {@code 0..999} or {@code 0..}.
   *
   * @throws IllegalArgumentException with what is wanted instead
   */
  static SeedRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no range of seeds; wanted is FROM..TO, such as 0..999, or FROM..");
    }
    long first = Long.parseLong(form.group(1));
    if (form.group(2) == null) {
      return new SeedRange(first, first);
    }
    long last = form.group(3) == null ? Long.MAX_VALUE : Long.parseLong(form.group(3));
    if (last < first) {
      throw new IllegalArgumentException("'" + text + "' ends before it begins");
    }
    return new SeedRange(first, last);
  }

  boolean isEndless() {
    return last == Long.MAX_VALUE;
  }
}
