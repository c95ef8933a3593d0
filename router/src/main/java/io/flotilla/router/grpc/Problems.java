package io.flotilla.router.grpc;

import io.flotilla.contract.v1.ErrorCode;
import io.grpc.Status;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says in few words what a failed gRPC call met. */
final class Problems {
  /** Part of what TLS says, in lower case, and what it means. */
  private record Meaning(String sign, String text) {}

  /** The first that fits counts. */
  private static final List<Meaning> CERTIFICATES =
      List.of(
          new Meaning(
              "certificate_required",
              "it wants a certificate that a CA which it trusts has signed; none was shown"
                  + " (--certificate and --key)"),
          new Meaning(
              "alert_certificate_expired", "it says that the certificate shown has expired"),
          new Meaning(
              "alert: certificate_expired", "it says that the certificate shown has expired"),
          new Meaning("alert_", "it does not trust the certificate shown to it"),
          new Meaning("alert: ", "it does not trust the certificate shown to it"),
          new Meaning(
              "unable to find valid certification path",
              "its certificate is not signed by a CA that is trusted here (--ca)"),
          new Meaning("no subject alternative", "its certificate is of another host: "),
          new Meaning("no name matching", "its certificate is of another host: "),
          new Meaning("is not a node's", ""),
          new Meaning("not an ssl/tls record", "it does not speak TLS"));

  private static final String SILENT_END = "Network closed for unknown reason";

  private Problems() {}

  /** What it met. */
  static String of(Throwable failure) {
    Throwable root = root(failure);
    return certificate(failure, root).orElseGet(() -> plain(failure, root));
  }

  /**
   * Why the other side did not let the call in, or would not be believed; empty: another reason.
   */
  static Optional<ErrorCode> refusal(Throwable failure) {
    return switch (Status.fromThrowable(failure).getCode()) {
      case UNAUTHENTICATED -> Optional.of(ErrorCode.ERROR_CODE_UNAUTHENTICATED);
      case PERMISSION_DENIED -> Optional.of(ErrorCode.ERROR_CODE_PERMISSION_DENIED);
      default -> Optional.empty();
    };
  }

  /** Whether one side does not believe the other who it is. */
  static boolean isRefusal(Throwable failure) {
    return refusal(failure).isPresent() || certificate(failure, root(failure)).isPresent();
  }

  private static Optional<String> certificate(Throwable failure, Throwable root) {
    if (root instanceof CertificateExpiredException) {
      return Optional.of("its certificate has expired: " + root.getMessage());
    }
    if (root == failure || root.getMessage() == null) {
      return Optional.empty();
    }
    String said = root.getMessage().toLowerCase(Locale.ROOT);
    return CERTIFICATES.stream()
        .filter(meaning -> said.contains(meaning.sign()))
        .map(
            meaning ->
                meaning.text().isEmpty() || meaning.text().endsWith(": ")
                    ? meaning.text() + root.getMessage()
                    : meaning.text())
        .findFirst();
  }

  private static String plain(Throwable failure, Throwable root) {
    Status status = Status.fromThrowable(failure);
    String said = root == failure ? status.getDescription() : root.getMessage();
    if (said == null) {
      said = status.getDescription() == null ? status.getCode().name() : status.getDescription();
    }
    return said.equals(SILENT_END)
        ? "it closed the connection without a word, as a server with TLS does that is called"
            + " without"
        : said;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
