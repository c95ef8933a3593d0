package io.flotilla.server.config;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What somebody may have meant who wrote the name of a setting that there is not. */
final class Similar {
  private static final int MOST_MISTAKES = 2;
  private static final int SAME_BEGINNING = 4;

  private Similar() {}

  /**
   * {@code "; did you mean …?"}, or nothing where no setting has a name like this one.
   *
   * @param wrong in the form of {@link Setting#key}
   * @param name in which the answer is
   */
  static String to(String wrong, Function<Setting, String> name) {
    String names =
        Arrays.stream(Setting.values())
            .filter(setting -> isLike(wrong, setting.key()))
            .map(name)
            .collect(Collectors.joining(" or "));
    return names.isEmpty() ? "" : "; did you mean " + names + "?";
  }

  private static boolean isLike(String wrong, String right) {
    boolean begun =
        wrong.length() >= SAME_BEGINNING && right.startsWith(wrong.substring(0, SAME_BEGINNING));
    return begun || distance(wrong, right) <= MOST_MISTAKES;
  }

  /** Characters to change, add or leave out (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
