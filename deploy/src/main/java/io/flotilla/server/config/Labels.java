package io.flotilla.server.config;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Labels as people write them: {@code zone=a,rack=7}. */
final class Labels {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  private static final int MOST = 16;

  private Labels() {}

  /**
   * Reads labels.
   *
   * @throws IllegalArgumentException with what is wanted instead
   */
  static SortedMap<String, String> parse(String text) {
    SortedMap<String, String> labels = new TreeMap<>();
    if (text.isBlank()) {
      return labels;
    }
    for (String label : text.split(",", -1)) {
      String[] parts = label.trim().split("=", 2);
      boolean valid =
          parts.length == 2 && WORD.matcher(parts[0]).matches() && WORD.matcher(parts[1]).matches();
      if (!valid) {
        throw new IllegalArgumentException(
            "is not KEY=VALUE,…; each of letters, digits, '.', '_', '/' and '-', at most 63");
      }
      if (labels.put(parts[0], parts[1]) != null) {
        throw new IllegalArgumentException("has the label '" + parts[0] + "' twice");
      }
    }
    if (labels.size() > MOST) {
      throw new IllegalArgumentException("has more than " + MOST + " labels");
    }
    return labels;
  }
}
