package io.flotilla.router.tls;

/** Certificates or keys that cannot be used. The message names the file and the way out. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }

  TlsException(String message) {
    super(message);
  }
}
