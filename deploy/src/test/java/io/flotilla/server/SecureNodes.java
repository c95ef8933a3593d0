package io.flotilla.server;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.TlsOptions;
import io.flotilla.server.cert.Authority;
import io.flotilla.server.cert.CertFiles;
import io.flotilla.server.cert.Issued;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A cluster with mutual TLS in this process, and certificates for its nodes and clients, good ones
 * and bad ones. Closed by the test.
 */
final class SecureNodes implements AutoCloseable {
  static final Duration YEAR = Duration.ofDays(365);
  private static final String HOST = "127.0.0.1";

  private final Path directory;
  private final List<FlotillaServer> servers = new ArrayList<>();
  private final List<HostPort> clients = new ArrayList<>();
  private final List<HostPort> peers = new ArrayList<>();
  private final Authority authority;
  private final CertFiles files;

  /** Makes a CA; no node runs. */
  SecureNodes(Path directory) {
    this.directory = directory;
    this.files = new CertFiles(directory.resolve("certs"));
    this.authority = newAuthority("Test CA");
    write("ca", authority.own());
  }

  static Authority newAuthority(String name) {
    return Authority.create(name, Instant.now(), YEAR, new SecureRandom());
  }

  Authority authority() {
    return authority;
  }

  CertFiles files() {
    return files;
  }

  void write(String name, Issued issued) {
    files.write(name, issued, true);
  }

  /** A certificate of a node at this machine. */
  void writeNode(String name, Authority signer, Instant begin) {
    write(name, signer.node(name, List.of(HOST, "localhost"), begin, YEAR));
  }

  void writeClient(String name) {
    write(name, authority.client(name, Instant.now(), YEAR));
  }

  /** Starts a new cluster and waits until all its nodes serve. */
  SecureNodes start(int size, Map<Setting, String> further) {
    clients.addAll(addresses(size));
    peers.addAll(addresses(size));
    for (int i = 0; i < size; i++) {
      writeNode(nodeName(i), authority, Instant.now());
      servers.add(FlotillaServer.start(config(settings(i, further))));
    }
    servers.forEach(server -> server.ready().orTimeout(60, TimeUnit.SECONDS).join());
    return this;
  }

  static HostPort freeAddress() {
    return addresses(1).get(0);
  }

  private static List<HostPort> addresses(int size) {
    return Ports.free(size).stream().map(port -> new HostPort(HOST, port)).toList();
  }

  static String nodeName(int place) {
    return "node" + (place + 1);
  }

  /** What a node is told. */
  Map<Setting, String> settings(int place, Map<Setting, String> further) {
    String name = nodeName(place);
    Map<Setting, String> all = new EnumMap<>(Setting.class);
    all.put(Setting.DATA, directory.resolve("data-" + name).toString());
    all.put(Setting.LISTEN, clients.get(place).toString());
    all.put(Setting.PEER_LISTEN, peers.get(place).toString());
    all.put(Setting.JOIN, peers.stream().map(HostPort::toString).collect(Collectors.joining(",")));
    all.put(Setting.TLS_CERTIFICATE, files.certificate(name).toString());
    all.put(Setting.TLS_KEY, files.key(name).toString());
    all.put(Setting.TLS_CA, files.certificate("ca").toString());
    all.put(Setting.SHUTDOWN_GRACE, "1s");
    all.put(Setting.JOURNAL_SIZE, "256MiB");
    all.put(Setting.STATE_SIZE, "256MiB");
    all.putAll(further);
    return all;
  }

  static ServerConfig config(Map<Setting, String> settings) {
    Map<Setting, String> all = new EnumMap<>(settings);
    all.putIfAbsent(Setting.HTTP_LISTEN, "off"); // free ports have others near them
    return ConfigReader.read(Program.SERVER, all, Map.of(), Optional.empty(), 2).config();
  }

  /** Where clients go. */
  List<HostPort> clientAddresses() {
    return List.copyOf(clients);
  }

  /** Where nodes go. */
  List<HostPort> peerAddresses() {
    return List.copyOf(peers);
  }

  /** What a port with TLS shows to whoever comes, whether it lets them in or not. */
  static X509Certificate shownAt(HostPort port) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(port.host(), port.port())) {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Looks at certificates of anybody. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String method) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String method) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  String endpoints() {
    return clients.stream().map(HostPort::toString).collect(Collectors.joining(","));
  }

  Path ca() {
    return files.certificate("ca");
  }

  /** Shows the certificate of this name and trusts the CA. */
  TlsOptions tls(String name) {
    return TlsOptions.trusting(ca()).withCertificate(files.certificate(name), files.key(name));
  }

  FlotillaClient.Builder client() {
    return FlotillaClient.builder().endpoints(clients.stream().map(HostPort::toString).toList());
  }

  List<FlotillaServer> servers() {
    return servers;
  }

  @Override
  public void close() {
    servers.forEach(FlotillaServer::close);
  }
}
