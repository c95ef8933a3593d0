package io.flotilla.shard.transport;

import io.grpc.Status;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in few words why a call to a node failed. */
final class Reasons {
  private Reasons() {}

  static String of(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    Throwable cause = status.getCause();
    if (cause != null) {
      return oneLine(root(cause));
    }
    String said = status.getDescription();
    return said == null ? status.getCode().name() : said;
  }

  /** What is wrong with a certificate, here or there; empty: it is something else. */
  static Optional<String> ofTls(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
        return Optional.of(oneLine(root(cause)));
      }
    }
    return Optional.empty();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static String oneLine(Throwable failure) {
    String said = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return said.replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
