package io.flotilla.server.cert;

import io.flotilla.cli.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Certificates and keys in a directory: {@code NAME.crt} and {@code NAME.key}, in PEM. Keys are
 * readable by their owner alone, and so is a directory that is made.
 */
public final class CertFiles {
  private static final Set<String> POSIX = Set.of("posix");

  private final Path directory;

  /** Over a directory, which need not be there. */
  public CertFiles(Path directory) {
    this.directory = directory;
  }

  /** Where a certificate is. */
  public Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  /** Where its key is. */
  public Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** Writes both, the key first; what is there is only replaced if that is wanted. */
  public void write(String name, Issued issued, boolean replace) {
    try {
      createDirectory();
      for (Path file : List.of(key(name), certificate(name))) {
        if (!replace && Files.exists(file)) {
          throw new FileAlreadyExistsException(file.toString());
        }
      }
      put(key(name), "rw-------", pem("PRIVATE KEY", issued.key().getEncoded()));
      put(certificate(name), "rw-r--r--", pem("CERTIFICATE", issued.certificate().getEncoded()));
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          "EXISTS", e.getMessage() + " is there already; --force replaces it", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandFailure("IO", directory + " cannot be written: " + e, e);
    }
  }

  private void createDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, permissions("rwx------"));
    }
  }

  private void put(Path file, String mode, String text) throws IOException {
    Path fresh = directory.resolve("." + file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, permissions(mode));
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private FileAttribute<?>[] permissions(String mode) {
    boolean known = directory.getFileSystem().supportedFileAttributeViews().containsAll(POSIX);
    return known
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static String pem(String kind, byte[] content) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, encoder.encodeToString(content), kind)
        .replace("\r", "");
  }

  /** Reads both. */
  public Issued read(String name) {
    X509Certificate certificate = certificates(certificate(name)).get(0);
    try {
      String text = Files.readString(key(name));
      String body = text.replaceAll("-----[A-Z ]+-----", "");
      PrivateKey key =
          KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
      return new Issued(certificate, key);
    } catch (NoSuchFileException e) {
      throw new CommandFailure("NO_KEY", key(name) + " is not there: it is needed to sign", e);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CommandFailure("KEY", key(name) + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** All certificates of a file, at least one. */
  static List<X509Certificate> certificates(Path file) {
    try (var in = Files.newInputStream(file)) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
      throw new CommandFailure("NO_CERTIFICATE", file + " has no certificate");
    } catch (NoSuchFileException e) {
      throw new CommandFailure("NO_FILE", file + ": there is no such file", e);
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandFailure("CERTIFICATE", file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
