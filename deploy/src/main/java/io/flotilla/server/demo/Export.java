package io.flotilla.server.demo;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.CommandLineTool;
import io.flotilla.cli.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs {@code flotilla export} as a user would. */
final class Export {
  private final Terminal terminal;
  private final List<String> endpoints;
  private final Path directory;

  Export(Terminal terminal, List<String> endpoints, Path directory) {
    this.terminal = terminal;
    this.endpoints = endpoints;
    this.directory = directory;
  }

  /**
   * What came out.
   *
   * @param records lines of the file
   * @param checksum SHA-256 of the file
   */
  record Result(long records, String checksum) {}

  Result run() {
    Path file = directory.resolve("export.tsv");
    terminal.out().print("   $ flotilla export export.tsv\n   ");
    int exitCode =
        new CommandLineTool(terminal)
            .run(
                "export",
                file.toString(),
                "--overwrite",
                "--endpoints",
                String.join(",", endpoints));
    if (exitCode != 0) {
      throw new CommandFailure("EXPORT", "'flotilla export' ended with exit code " + exitCode);
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      long records = 0;
      for (byte each : bytes) {
        records += each == '\n' ? 1 : 0;
      }
      return new Result(records, Sample.checksum(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
