package io.flotilla.rules;

import java.util.List;
import java.util.regex.Pattern;

/** Whether what a page names is in the sources. */
final class NamedSources {
  private final List<SourceFile> project = SourceTree.read();

  /** A {@code Class} or {@code Class.member} of production code. */
  boolean isCode(String name) {
    String[] parts = name.split("\\.");
    return declares(false, parts[0], parts.length > 1 ? "\\b" + parts[1] + "\\b" : "");
  }

  /** A {@code Class#method} of a test. */
  boolean isTest(String name) {
    String[] parts = name.split("#");
    return parts.length == 2 && declares(true, parts[0], "\\bvoid " + parts[1] + "\\(");
  }

  /** Whether the file of the test {@code Class#method} has the word. */
  boolean saysInTest(String name, String word) {
    return declares(true, name.split("#")[0], "\\b" + word + "\\b|_" + word + "\\b");
  }

  private boolean declares(boolean test, String type, String member) {
    Pattern pattern = Pattern.compile(member);
    return project.stream()
        .filter(file -> file.isTest() == test && file.name().equals(type + ".java"))
        .anyMatch(file -> file.lines().stream().anyMatch(line -> pattern.matcher(line).find()));
  }
}
