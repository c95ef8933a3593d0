package io.flotilla.router.tls;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What this process shows and trusts in TLS, as its files say now. A change of the files counts for
 * connections that begin after {@link #refresh}; those that are open go on. Thread-safe.
 */
public final class Tls {
  private static final String PROTOCOL = "TLSv1.3";

  private final TlsFiles files;
  private final boolean nodesOnly;
  private volatile State state;
  private volatile String complaint = "";

  /** Whom a server lets in. */
  public enum ClientCertificate {
    /** Only who shows a certificate that a trusted authority signed. */
    REQUIRE,
    /** Also who shows none. */
    REQUEST,
    /** Nobody is asked for one. */
    NONE
  }

  /** One reading of the files, and what was made of it. */
  private record State(
      TlsFiles.Content content, X509ExtendedTrustManager trusted, Optional<Shown> shown) {}

  private record Shown(PrivateKey key, List<X509Certificate> chain) {}

  private Tls(TlsFiles files, boolean nodesOnly, State state) {
    this.files = files;
    this.nodesOnly = nodesOnly;
    this.state = state;
  }

  /**
   * Reads the files.
   *
   * @throws TlsException with what is wrong with them
   */
  public static Tls load(TlsFiles files) throws TlsException {
    return new Tls(files, false, read(files, files.read()));
  }

  /** The same for connections to nodes: a server must show that it is one. */
  public static Tls loadForPeers(TlsFiles files) throws TlsException {
    return new Tls(files, true, read(files, files.read()));
  }

  private static State read(TlsFiles files, TlsFiles.Content content) throws TlsException {
    int next = 0;
    List<X509Certificate> authorities = List.of();
    if (files.ca().isPresent()) {
      authorities = Pem.certificates(files.ca().get(), content.texts().get(next++));
    }
    Shown shown = null;
    if (files.own().isPresent()) {
      TlsFiles.Own own = files.own().get();
      List<X509Certificate> chain =
          Pem.certificates(own.certificate(), content.texts().get(next++));
      shown = new Shown(Pem.key(own.key(), content.texts().get(next), chain.get(0)), chain);
    }
    return new State(content, Trust.in(authorities), Optional.ofNullable(shown));
  }

  /**
   * Reads the files again if their content is another.
   *
   * @return whether it counts from now on
   * @throws TlsException if it makes no sense; what was before goes on to count. Thrown once for
   *     one mistake
   */
  public synchronized boolean refresh() throws TlsException {
    try {
      TlsFiles.Content content = files.read();
      boolean changed = !content.equals(state.content());
      if (changed) {
        State next = read(files, content);
        Optional<String> fault = nodesOnly ? whyNoNode(next) : Optional.empty();
        if (fault.isPresent()) {
          throw new TlsException(fault.get()); // other nodes would refuse this one from now on
        }
        state = next;
      }
      complaint = "";
      return changed;
    } catch (TlsException e) {
      String message = String.valueOf(e.getMessage());
      if (message.equals(complaint)) {
        return false;
      }
      complaint = message;
      throw e;
    }
  }

  /** The certificate that is shown now, without those above it; null: none. */
  public @Nullable X509Certificate certificate() {
    return state.shown().map(shown -> shown.chain().get(0)).orElse(null);
  }

  /** Why other nodes would not take this process for a node; empty: they do. */
  public Optional<String> whyNoNode() {
    return whyNoNode(state);
  }

  private Optional<String> whyNoNode(State of) {
    X509Certificate own = of.shown().map(shown -> shown.chain().get(0)).orElse(null);
    return own != null && CertificateNames.of(own).isNode()
        ? Optional.empty()
        : Optional.of(
            "%s is not a node's certificate: it does not name the URI %s"
                .formatted(
                    files.own().map(TlsFiles.Own::certificate).orElseThrow(),
                    CertificateNames.NODE));
  }

  /** For one new connection to a server. */
  public ChannelCredentials channelCredentials() {
    State now = state;
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .trustManager(nodesOnly ? new NodesOnly(now.trusted()) : now.trusted());
    now.shown().ifPresent(shown -> builder.keyManager(shown.key(), shown.chain()));
    return NettySslContextChannelCredentials.create(build(builder));
  }

  /** For a server, which follows each refresh. There must be a certificate and its key. */
  public ServerCredentials serverCredentials(ClientCertificate wanted) {
    return NettySslContextServerCredentials.create(
        new RefreshedContext<State>(() -> state, now -> serverContext(now, wanted)));
  }

  private static SslContext serverContext(State now, ClientCertificate wanted) {
    Shown shown = now.shown().orElseThrow();
    return build(
        SslContextBuilder.forServer(shown.key(), shown.chain())
            .trustManager(now.trusted())
            .clientAuth(
                switch (wanted) {
                  case REQUIRE -> ClientAuth.REQUIRE;
                  case REQUEST -> ClientAuth.OPTIONAL;
                  case NONE -> ClientAuth.NONE;
                }));
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder).protocols(PROTOCOL).build();
    } catch (SSLException e) {
      throw new IllegalStateException("certificates that were checked cannot be used", e);
    }
  }
}
