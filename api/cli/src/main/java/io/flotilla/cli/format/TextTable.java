package io.flotilla.cli.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under a header, each column as wide as its widest cell. Numbers are to be added as right
 * columns. Cells are one line each; the caller makes them printable.
 */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String> header = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column aligned to the left. */
  public TextTable left(String title) {
    header.add(title);
    right.add(false);
    return this;
  }

  /** Adds a column aligned to the right. */
  public TextTable right(String title) {
    header.add(title);
    right.add(true);
    return this;
  }

  /** Adds a row; one cell for each column. */
  public TextTable row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells under " + header.size() + " columns");
    }
    rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** The header and the rows, without a space at the end of a line. */
  public List<String> lines() {
    int[] widths = new int[header.size()];
    measure(widths, header);
    rows.forEach(row -> measure(widths, row));
    List<String> lines = new ArrayList<>();
    lines.add(line(widths, header));
    rows.forEach(row -> lines.add(line(widths, row)));
    return lines;
  }

  /** Columns that a text takes in a terminal with a fixed-width font. */
  public static int width(String text) {
    return text.codePoints().map(TextTable::width).sum();
  }

  static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (codePoint >= 0x1100 && codePoint <= 0x115F)
            || (codePoint >= 0x2E80 && codePoint <= 0xA4CF)
            || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
            || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
            || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
            || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
            || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF)
            || (codePoint >= 0x20000 && codePoint <= 0x3FFFD);
    return wide ? 2 : 1;
  }

  private static void measure(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
  }

  private String line(int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(cells.get(i)));
      line.append(i == 0 ? "" : GAP);
      if (right.get(i)) {
        line.append(padding).append(cells.get(i));
      } else {
        line.append(cells.get(i)).append(padding);
      }
    }
    return line.toString().stripTrailing();
  }
}
