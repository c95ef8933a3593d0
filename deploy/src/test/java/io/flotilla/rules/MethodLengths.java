package io.flotilla.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds methods and constructors in code without comments, by its braces and brackets. */
final class MethodLengths {
  private static final Pattern METHOD =
      Pattern.compile("(\\w+)\\s*\\([^{}]*\\)\\s*(throws\\s[\\w\\s,.]+)?$");

  /** The constructor of a record that does not repeat its parameters, and initializers. */
  private static final Pattern SHORT_FORM =
      Pattern.compile("^((public|protected|private)\\s+)?([A-Z]\\w*|static)$");

  private static final Pattern NOT_A_METHOD =
      Pattern.compile("(^|\\W)(class|record|enum|interface|new|switch|return|throw)\\W");

  private static final Set<String> STATEMENTS =
      Set.of("if", "for", "while", "switch", "catch", "try", "synchronized");

  private final String code;
  private final Deque<Block> open = new ArrayDeque<>();
  private final List<Method> found = new ArrayList<>();
  private int brackets;
  private int headerStart;

  private MethodLengths(String code) {
    this.code = code;
  }

  /**
   * A method.
   *
   * @param name of the method
   * @param line of its name, from 1
   * @param lines from there to its closing brace
   */
  record Method(String name, int line, int lines) {}

  /** What stands between braces; the rest is what to go on with after it. */
  private record Block(String method, int line, int brackets, int headerStart) {}

  static List<Method> of(String code) {
    MethodLengths lengths = new MethodLengths(code);
    lengths.scan();
    return lengths.found;
  }

  private void scan() {
    for (int at = 0; at < code.length(); at++) {
      switch (code.charAt(at)) {
        case '(' -> brackets++;
        case ')' -> brackets--;
        case ';' -> headerStart = brackets == 0 ? at + 1 : headerStart;
        case '{' -> opened(at);
        case '}' -> closed(at);
        default -> {
          // Part of a header or of a statement.
        }
      }
    }
  }

  private void opened(int at) {
    String header = code.substring(headerStart, at).strip();
    String name = brackets == 0 ? methodName(header) : "";
    int start = name.isEmpty() ? at : code.lastIndexOf(name, at);
    open.push(new Block(name, line(start), brackets, headerStart));
    brackets = 0;
    headerStart = at + 1;
  }

  private void closed(int at) {
    if (open.isEmpty()) {
      return;
    }
    Block block = open.pop();
    brackets = block.brackets();
    headerStart = brackets == 0 ? at + 1 : block.headerStart();
    if (!block.method().isEmpty()) {
      found.add(new Method(block.method(), block.line(), line(at) - block.line() + 1));
    }
  }

  /** Empty if the block is none of a method. */
  private static String methodName(String header) {
    Matcher shortForm = SHORT_FORM.matcher(header);
    if (shortForm.matches()) {
      return shortForm.group(3);
    }
    Matcher method = METHOD.matcher(header);
    boolean isMethod =
        method.find()
            && !STATEMENTS.contains(method.group(1))
            && !NOT_A_METHOD.matcher(header).find();
    return isMethod ? method.group(1) : "";
  }

  private int line(int at) {
    return 1 + (int) code.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
