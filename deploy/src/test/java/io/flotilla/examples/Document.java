package io.flotilla.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What documents show, and what sources mark to be shown. */
final class Document {
  static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private static final String FENCE = "```";

  private Document() {}

  /** The fenced blocks of a language, in order, each ending with a line feed. */
  static List<String> blocks(Path document, String language) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> block = new ArrayList<>();
    String inside = "";
    for (String line : Files.readAllLines(document)) {
      if (!line.startsWith(FENCE)) {
        block.add(line);
      } else if (inside.isEmpty()) {
        inside = line;
        block.clear();
      } else {
        if (inside.equals(FENCE + language)) {
          found.add(text(block));
        }
        inside = "";
      }
    }
    return found;
  }

  /** What stands between marks, without the indentation that all of its lines have. */
  static List<String> regions(Path source, String begin, String end) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> region = new ArrayList<>();
    for (String line : Files.readAllLines(source)) {
      if (line.strip().equals(begin)) {
        region.clear();
      } else if (line.strip().equals(end)) {
        found.add(String.join("\n", region).stripTrailing().stripIndent() + "\n");
      } else {
        region.add(line);
      }
    }
    return found;
  }

  private static String text(List<String> lines) {
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }
}
