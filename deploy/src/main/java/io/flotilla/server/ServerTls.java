package io.flotilla.server;

import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.Tls.ClientCertificate;
import io.flotilla.router.tls.TlsException;
import io.flotilla.server.config.ServerConfig;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TLS of a server's ports and of its connections to nodes; perhaps none. Any thread. */
final class ServerTls {
  /** Between two looks at the files. */
  static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private final Optional<Tls> tls;
  private final ClientCertificate clients;

  private ServerTls(Optional<Tls> tls, ClientCertificate clients) {
    this.tls = tls;
    this.clients = clients;
  }

  /**
   * Reads the files of the configuration.
   *
   * @throws ServerStartException with what is wrong with them
   */
  static ServerTls of(ServerConfig.Security security) {
    if (security.tls().isEmpty()) {
      return new ServerTls(Optional.empty(), ClientCertificate.NONE);
    }
    ServerConfig.Tls config = security.tls().get();
    try {
      Tls loaded = Tls.loadForPeers(config.files());
      requireNode(loaded);
      return new ServerTls(Optional.of(loaded), config.clients());
    } catch (TlsException e) {
      throw new ServerStartException("TLS: " + e.getMessage(), e);
    }
  }

  private static void requireNode(Tls loaded) throws TlsException {
    Optional<String> fault = loaded.whyNoNode();
    if (fault.isPresent()) {
      throw new ServerStartException("TLS: " + fault.get());
    }
  }

  boolean isOn() {
    return tls.isPresent();
  }

  /** For a new connection to a node. */
  ChannelCredentials toNodes() {
    return tls.map(Tls::channelCredentials).orElseGet(InsecureChannelCredentials::create);
  }

  /** Of the port for clients. */
  ServerCredentials forClients() {
    return credentials(clients);
  }

  /** Of the port for nodes. */
  ServerCredentials forNodes() {
    return credentials(ClientCertificate.REQUIRE);
  }

  private ServerCredentials credentials(ClientCertificate wanted) {
    return tls.map(on -> on.serverCredentials(wanted)).orElseGet(InsecureServerCredentials::create);
  }

  /** Takes over what the files say now; what makes no sense is complained of and left. */
  void refresh() {
    if (tls.isEmpty()) {
      return;
    }
    try {
      if (tls.get().refresh()) {
        X509Certificate shown = tls.get().certificate();
        LOG.info(
            "new certificates count from now on; this node's is valid until {}",
            shown == null ? "" : shown.getNotAfter().toInstant());
      }
    } catch (TlsException e) {
      LOG.error("new certificates cannot be used, the old ones go on: {}", e.getMessage());
    }
  }
}
