package io.flotilla.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All Java files of the project. */
final class SourceTree {
  private SourceTree() {}

  static List<SourceFile> read() {
    Path root = root();
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(path -> path.toString().endsWith(".java"))
          .map(path -> root.relativize(path))
          .filter(path -> path.toString().replace('\\', '/').matches(".*src/(main|test)/java/.*"))
          .filter(path -> !path.toString().replace('\\', '/').contains("/target/"))
          .map(path -> read(root, path))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SourceFile read(Path root, Path path) {
    try {
      return SourceFile.of(
          path.toString().replace('\\', '/'), Files.readString(root.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The outermost directory above this one whose POM lists modules. */
  static Path root() {
    Path found = null;
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path pom = at.resolve("pom.xml");
      try {
        if (Files.isRegularFile(pom) && Files.readString(pom).contains("<modules>")) {
          found = at;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (found == null) {
      throw new IllegalStateException("no POM with modules above " + Path.of("").toAbsolutePath());
    }
    return found;
  }
}
