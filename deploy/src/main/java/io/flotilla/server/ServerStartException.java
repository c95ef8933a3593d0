package io.flotilla.server;

import io.flotilla.cli.HostPort;
import java.io.IOException;

/** A server cannot start, or cannot come to a cluster. The message is for the person who tried. */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerStartException(String message) {
    super(message);
  }

  ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }

  static ServerStartException cannotListen(HostPort listen, IOException cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new ServerStartException(
        "cannot listen at %s: %s; is another server running there? Choose another --listen"
            .formatted(listen, root.getMessage()),
        cause);
  }
}
