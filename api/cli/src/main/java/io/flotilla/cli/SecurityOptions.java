package io.flotilla.cli;

import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TlsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whom to trust and what to show. */
final class SecurityOptions {
  private static final String CA = "FLOTILLA_CA";
  private static final String CERTIFICATE = "FLOTILLA_CERTIFICATE";
  private static final String KEY = "FLOTILLA_KEY";
  private static final String TOKEN_FILE = "FLOTILLA_TOKEN_FILE";

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "PEM file with the CAs of the servers; turns TLS on. Default: $FLOTILLA_CA.")
  @Nullable Path ca;

  @Option(
      names = "--certificate",
      paramLabel = "FILE",
      description = "PEM file with the certificate to show. Default: $FLOTILLA_CERTIFICATE.")
  @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM file with the key of --certificate. Default: $FLOTILLA_KEY.")
  @Nullable Path key;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token to show. Default: $FLOTILLA_TOKEN_FILE.")
  @Nullable Path tokenFile;

  /**
   * What a connection needs.
   *
   * @param tls empty: plaintext
   * @param tokenFile empty: no token
   */
  record Security(Optional<TlsOptions> tls, Optional<Path> tokenFile) {
    /** For clusters that ask for nothing. */
    static final Security NONE = new Security(Optional.empty(), Optional.empty());

    /** Sets it in a client that is to be built. */
    FlotillaClient.Builder apply(FlotillaClient.Builder builder) {
      tls.ifPresent(builder::tls);
      tokenFile.ifPresent(file -> builder.token(() -> token(file)));
      return builder;
    }

    private static String token(Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        throw new UncheckedIOException(file + " cannot be read: " + FileEnds.explain(e), e);
      }
    }
  }

  /** What was asked for; files that are not there end the command. */
  Security read(Terminal terminal) {
    Optional<Path> trusted = path(terminal, ca, CA);
    Optional<Path> shown = path(terminal, certificate, CERTIFICATE);
    Optional<Path> shownKey = path(terminal, key, KEY);
    Optional<Path> token = path(terminal, tokenFile, TOKEN_FILE);
    if (shown.isPresent() != shownKey.isPresent()) {
      throw Usage.wrong(spec, "--certificate and --key go together");
    }
    if (trusted.isEmpty() && shown.isEmpty()) {
      if (token.isPresent()) {
        throw Usage.wrong(spec, "--token-file goes with --ca: a token is shown over TLS only");
      }
      return Security.NONE;
    }
    if (token.isPresent() && !Files.isReadable(token.get())) {
      throw Usage.wrong(spec, "--token-file: " + token.get() + " cannot be read");
    }
    return new Security(Optional.of(new TlsOptions(trusted, shown, shownKey)), token);
  }

  private static Optional<Path> path(Terminal terminal, @Nullable Path given, String variable) {
    if (given != null) {
      return Optional.of(given);
    }
    String text = terminal.environment(variable, "");
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }
}
