package io.flotilla.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Opens files and standard streams, plain or compressed, and says in words why it cannot. */
final class FileEnds {
  /** The name of standard input and output. */
  static final String STANDARD = "-";

  private static final int GZIP_MAGIC_1 = 0x1f;
  private static final int GZIP_MAGIC_2 = 0x8b;
  private static final int BUFFER_BYTES = 1 << 16;

  private FileEnds() {}

  /** A file or standard input as it is. */
  static InputStream openPlain(String name, Terminal terminal) throws IOException {
    return name.equals(STANDARD) ? unclosed(terminal.in()) : Files.newInputStream(Path.of(name));
  }

  /**
   * The plain bytes of a stream that is perhaps compressed: told by its first bytes, not its name.
   */
  static InputStream decompress(InputStream in) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
    buffered.mark(2);
    boolean gzip = buffered.read() == GZIP_MAGIC_1 && buffered.read() == GZIP_MAGIC_2;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
  }

  /** A new file; compressed if its name says so. */
  static OutputStream create(Path file, String name) throws IOException {
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES);
    return name.toLowerCase(Locale.ROOT).endsWith(".gz")
        ? new GZIPOutputStream(out, BUFFER_BYTES)
        : out;
  }

  /** A failure of the file system in words. */
  static String explain(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      return message + ": there is no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return message + ": the file exists already";
    }
    return message;
  }

  private static InputStream unclosed(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public void close() {
        // Standard input stays open for whoever started this.
      }
    };
  }
}
