package io.flotilla.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where nodes keep their data: a directory that was named, which stays, or a passing one. */
record WorkDirectory(Path path, boolean passing) {
  /** The named directory, which must be new or empty; else a new one. */
  static WorkDirectory of(@Nullable Path named) throws IOException {
    if (named == null) {
      return new WorkDirectory(Files.createTempDirectory("flotilla-chaos-"), true);
    }
    Files.createDirectories(named);
    try (Stream<Path> files = Files.list(named)) {
      if (files.findAny().isPresent()) {
        throw new IllegalArgumentException("'" + named + "' is not empty: name a new directory");
      }
    }
    return new WorkDirectory(named, false);
  }

  /** Removes a passing directory with all that is in it. */
  void removeIfPassing() {
    if (!passing) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }
}
