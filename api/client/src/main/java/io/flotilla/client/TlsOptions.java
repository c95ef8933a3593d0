package io.flotilla.client;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a client protects its connections: TLS 1.3, and whom it trusts. The files are read again when
 * they change, and count for the connections that begin then. Immutable.
 *
 * @param ca PEM file with the authorities that sign the servers' certificates; empty: those that
 *     Java trusts
 * @param certificate PEM file with what the client shows of itself; empty: nothing
 * @param key PEM file with the certificate's key, PKCS #8; empty if {@code certificate} is
 */
public record TlsOptions(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
  /** Checks that certificate and key go together. */
  public TlsOptions {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("a client's certificate and its key go together");
    }
  }

  /** Trusts servers that one of these authorities has signed, and shows nothing. */
  public static TlsOptions trusting(Path ca) {
    return new TlsOptions(Optional.of(ca), Optional.empty(), Optional.empty());
  }

  /** Trusts servers as Java does, and shows nothing. */
  public static TlsOptions trustingAsJava() {
    return new TlsOptions(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The same, and shows a certificate. */
  public TlsOptions withCertificate(Path file, Path keyFile) {
    return new TlsOptions(ca, Optional.of(file), Optional.of(keyFile));
  }
}
