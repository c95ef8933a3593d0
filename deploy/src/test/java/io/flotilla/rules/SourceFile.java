package io.flotilla.rules;

import java.util.List;

/**
 * A Java file of the project.
 *
 * @param path from the root of the project, with slashes
 * @param lines of the file
 * @param text told apart
 */
record SourceFile(String path, List<String> lines, JavaText text) {
  static SourceFile of(String path, String content) {
    return new SourceFile(path, content.lines().toList(), JavaText.of(content));
  }

  boolean isTest() {
    return path.contains("/src/test/");
  }

  String directory() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
