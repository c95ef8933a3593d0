package io.flotilla.server.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories of clusters on this machine. */
public final class Directories {
  private Directories() {}

  /** A new directory where the system keeps what may vanish. */
  public static Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary directory", e);
    }
  }

  /** Removes a directory with all that is in it, if it is there. Links are not followed. */
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }

  /** How many nodes' stores are in a directory: node1, node2, … */
  public static int stores(Path directory) {
    int number = 0;
    while (Files.isDirectory(directory.resolve(LocalCluster.name(number + 1)))) {
      number++;
    }
    return number;
  }
}
