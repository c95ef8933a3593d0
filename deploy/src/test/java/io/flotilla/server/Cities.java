package io.flotilla.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Records for an import: the extract in the jar, or with {@code -Dflotilla.cities=FILE.tsv.gz} a
 * larger file.
 */
final class Cities {
  private static final String PROPERTY = "flotilla.cities";
  private static final String EXTRACT = "demo/cities-extract.tsv.gz";

  private final byte[] tsv;

  private Cities(byte[] tsv) {
    this.tsv = tsv;
  }

  static Cities read() throws IOException {
    String file = System.getProperty(PROPERTY, "");
    try (InputStream compressed =
        file.isEmpty()
            ? Main.class.getResourceAsStream(EXTRACT)
            : Files.newInputStream(Path.of(file))) {
      return new Cities(new GZIPInputStream(compressed).readAllBytes());
    }
  }

  byte[] tsv() {
    return tsv.clone();
  }

  /** Keys that cut the records into parts of about the same size. */
  List<String> splitKeys(int parts) {
    List<String> keys =
        sortedLines(tsv).stream()
            .map(line -> new String(line, StandardCharsets.UTF_8))
            .map(line -> line.substring(0, line.indexOf('\t')))
            .toList();
    return IntStream.range(1, parts)
        .mapToObj(part -> keys.get((int) ((long) keys.size() * part / parts)))
        .toList();
  }

  long lines() {
    return sortedLines(tsv).size();
  }

  /** As standard input; the action runs on the reading thread when a part of it was read. */
  InputStream input(double part, Runnable action) {
    return new ByteArrayInputStream(tsv) {
      private final int from = (int) (tsv.length * part);
      private boolean done;

      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        if (pos >= from && !done) {
          done = true;
          action.run();
        }
        return super.read(into, offset, done ? length : Math.min(length, Math.max(1, from - pos)));
      }
    };
  }

  String checksum() {
    return checksum(tsv);
  }

  /** As {@code LC_ALL=C sort | sha256sum}. */
  static String checksum(byte[] lines) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] line : sortedLines(lines)) {
        digest.update(line);
        digest.update((byte) '\n');
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<byte[]> sortedLines(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
        .sorted(Comparator.comparing((byte[] line) -> line, Arrays::compareUnsigned))
        .toList();
  }

  /** Wraps what a test does in the middle of reading. */
  interface Action {
    void run() throws InterruptedException;

    static Runnable unchecked(Action action) {
      return () -> {
        try {
          action.run();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new UncheckedIOException(new IOException(e));
        }
      };
    }
  }
}
