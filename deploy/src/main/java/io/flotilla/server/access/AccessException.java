package io.flotilla.server.access;

/** An access file that cannot be used. The message names the file, the place and what is wanted. */
public final class AccessException extends Exception {
  private static final long serialVersionUID = 1L;

  AccessException(String message) {
    super(message);
  }

  AccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
