package io.flotilla.rules;

/**
 * The text of a Java file, told apart: code, comments, literals. Each face has the lines and
 * columns of the file, with spaces where the others are.
 *
 * @param code without comments and without what is inside literals
 * @param comments only
 */
record JavaText(String code, String comments) {
  private enum In {
    CODE,
    LINE_COMMENT,
    BLOCK_COMMENT,
    STRING,
    CHARACTER,
    TEXT_BLOCK
  }

  static JavaText of(String text) {
    return new Scanner(text).scan();
  }

  /** Walks through the text once. */
  private static final class Scanner {
    private final String text;
    private final StringBuilder code = new StringBuilder();
    private final StringBuilder comments = new StringBuilder();
    private In in = In.CODE;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    JavaText scan() {
      while (at < text.length()) {
        step();
      }
      return new JavaText(code.toString(), comments.toString());
    }

    private void step() {
      switch (in) {
        case CODE -> inCode();
        case LINE_COMMENT -> {
          if (text.charAt(at) == '\n') {
            in = In.CODE;
          }
          comment(1);
        }
        case BLOCK_COMMENT -> {
          boolean end = text.startsWith("*/", at);
          comment(end ? 2 : 1);
          in = end ? In.CODE : in;
        }
        case STRING -> inLiteral("\"");
        case CHARACTER -> inLiteral("'");
        case TEXT_BLOCK -> inLiteral("\"\"\"");
      }
    }

    private void inCode() {
      if (text.startsWith("//", at)) {
        in = In.LINE_COMMENT;
        comment(2);
      } else if (text.startsWith("/*", at)) {
        in = In.BLOCK_COMMENT;
        comment(2);
      } else if (text.startsWith("\"\"\"", at)) {
        in = In.TEXT_BLOCK;
        code(3);
      } else {
        char next = text.charAt(at);
        in = next == '"' ? In.STRING : next == '\'' ? In.CHARACTER : in;
        code(1);
      }
    }

    private void inLiteral(String end) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        blank(2);
      } else if (text.startsWith(end, at)) {
        code(end.length());
        in = In.CODE;
      } else {
        blank(1);
      }
    }

    private void code(int count) {
      take(count, code, comments);
    }

    private void comment(int count) {
      take(count, comments, code);
    }

    private void take(int count, StringBuilder whole, StringBuilder blanked) {
      String part = text.substring(at, Math.min(text.length(), at + count));
      whole.append(part);
      blanked.append(part.replaceAll("[^\n]", " "));
      at += count;
    }

    private void blank(int count) {
      String part = text.substring(at, at + count).replaceAll("[^\n]", " ");
      code.append(part);
      comments.append(part);
      at += count;
    }
  }
}
