package io.flotilla.router.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where certificates and keys are, in PEM.
 *
 * @param ca certificates of the authorities that are trusted; empty: those that Java trusts
 * @param own what this side shows of itself; empty: nothing
 */
public record TlsFiles(Optional<Path> ca, Optional<Own> own) {
  /** Far more than any chain needs. */
  private static final int MAX_BYTES = 1 << 20;

  /**
   * A certificate and its key.
   *
   * @param certificate the certificate first, then those that lead to the authority
   * @param key as PKCS #8, not encrypted
   */
  public record Own(Path certificate, Path key) {}

  /** The content of all files, in order. */
  record Content(List<String> texts) {}

  /** Reads all of them. */
  Content read() throws TlsException {
    List<String> texts = new ArrayList<>();
    for (Path file : all()) {
      texts.add(read(file));
    }
    return new Content(List.copyOf(texts));
  }

  private List<Path> all() {
    List<Path> files = new ArrayList<>();
    ca.ifPresent(files::add);
    own.ifPresent(pair -> files.addAll(List.of(pair.certificate(), pair.key())));
    return files;
  }

  private static String read(Path file) throws TlsException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new TlsException(file + " is too large for certificates or a key");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new TlsException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new TlsException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
