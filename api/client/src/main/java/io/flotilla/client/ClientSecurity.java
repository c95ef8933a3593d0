package io.flotilla.client;

import io.flotilla.router.grpc.ConnectionSecurity;
import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.TlsException;
import io.flotilla.router.tls.TlsFiles;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The credentials of a client's connections, which follow their files. Thread-safe. */
final class ClientSecurity {
  /** Between two looks at the files, which happen when a connection begins. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClientSecurity.class);

  private final Tls tls;
  private final LongSupplier nanos;
  private long lookedAt;

  private ClientSecurity(Tls tls, LongSupplier nanos) {
    this.tls = tls;
    this.nanos = nanos;
    this.lookedAt = nanos.getAsLong();
  }

  /**
   * Reads the files.
   *
   * @throws IllegalArgumentException with what is wrong with them
   */
  static ConnectionSecurity of(
      Optional<TlsOptions> options, Supplier<String> token, LongSupplier nanos) {
    Supplier<String> shown = () -> ask(token);
    if (options.isEmpty()) {
      return new ConnectionSecurity(InsecureChannelCredentials::create, shown);
    }
    try {
      ClientSecurity security = new ClientSecurity(Tls.load(files(options.get())), nanos);
      return new ConnectionSecurity(security::credentials, shown);
    } catch (TlsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String ask(Supplier<String> token) {
    try {
      return token.get();
    } catch (RuntimeException e) {
      LOG.error("the source of tokens failed, none is shown", e);
      return "";
    }
  }

  private static TlsFiles files(TlsOptions options) {
    return new TlsFiles(
        options.ca(),
        options
            .certificate()
            .map(certificate -> new TlsFiles.Own(certificate, options.key().orElseThrow())));
  }

  private ChannelCredentials credentials() {
    look();
    return tls.channelCredentials();
  }

  private synchronized void look() {
    long now = nanos.getAsLong();
    if (now - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedAt = now;
    try {
      if (tls.refresh()) {
        LOG.info("new certificates count from now on");
      }
    } catch (TlsException e) {
      LOG.error("new certificates cannot be used, the old ones go on: {}", e.getMessage());
    }
  }
}
