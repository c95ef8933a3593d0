package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.cli.HostPort;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import io.flotilla.client.TlsOptions;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.ProbeRequest;
import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.TlsException;
import io.flotilla.router.tls.TlsFiles;
import io.flotilla.server.cert.Authority;
import io.flotilla.server.config.Setting;
import io.flotilla.shard.transport.PeerChannels;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  @TempDir static Path directory;
  private static SecureNodes nodes;

  @BeforeAll
  static void start() {
    nodes = new SecureNodes(directory).start(3, Map.of());
    nodes.writeClient("alice");
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  @Test
  void rightCertificate_letsIn() {
    try (FlotillaClient client = nodes.client().tls(nodes.tls("alice")).build()) {
      client.kv().put("a", "1");
      assertThat(client.kv().get("a").orElseThrow().value().text()).isEqualTo("1");
      assertThat(client.admin().listNodes().nodes()).hasSize(3);
    }
  }

  @Test
  void noCertificate_isRefused() {
    assertThat(refused(Optional.of(TlsOptions.trusting(nodes.ca()))))
        .hasMessageContaining("it wants a certificate that a CA which it trusts has signed");
  }

  @Test
  void certificateOfAnotherCa_isRefused() {
    Authority other = SecureNodes.newAuthority("Other CA");
    nodes.write("mallory", other.client("mallory", Instant.now(), SecureNodes.YEAR));
    assertThat(refused(Optional.of(nodes.tls("mallory"))))
        .hasMessageContaining("it wants a certificate that a CA which it trusts has signed");
  }

  @Test
  void expiredCertificate_isRefused() {
    Instant longAgo = Instant.now().minus(SecureNodes.YEAR).minus(Duration.ofDays(1));
    nodes.write("late", nodes.authority().client("late", longAgo, SecureNodes.YEAR));
    assertThat(refused(Optional.of(nodes.tls("late"))))
        .hasMessageContaining("it says that the certificate shown has expired");
  }

  @Test
  void serverOfAnotherCa_isNotBelieved() {
    nodes.write("other-ca", SecureNodes.newAuthority("Other CA").own());
    TlsOptions other = TlsOptions.trusting(nodes.files().certificate("other-ca"));
    assertThat(refused(Optional.of(other)))
        .hasMessageContaining("its certificate is not signed by a CA that is trusted here");
  }

  @Test
  void serverWithAnotherName_isNotBelieved(@TempDir Path apart) {
    try (SecureNodes one = new SecureNodes(apart)) {
      one.write(
          "elsewhere",
          one.authority().node("x", List.of("db.example.org"), Instant.now(), SecureNodes.YEAR));
      one.start(
          1,
          Map.of(
              Setting.TLS_CERTIFICATE, one.files().certificate("elsewhere").toString(),
              Setting.TLS_KEY, one.files().key("elsewhere").toString()));
      one.writeClient("alice");
      try (FlotillaClient client = one.client().tls(one.tls("alice")).timeout(PATIENCE).build()) {
        assertThatThrownBy(() -> client.kv().get("a"))
            .isInstanceOf(FlotillaException.class)
            .hasMessageContaining("its certificate is of another host: No subject alternative");
      }
    }
  }

  @Test
  void plaintextToATlsPort_isRefused() {
    FlotillaException failure = failure(Optional.empty());
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(failure).hasMessageContaining(nodes.clientAddresses().get(0).toString());
  }

  @Test
  void tlsToAPlaintextPort_isRefused(@TempDir Path apart) {
    String address = SecureNodes.freeAddress().toString();
    Map<Setting, String> plain = Map.of(Setting.DATA, apart.toString(), Setting.LISTEN, address);
    try (FlotillaServer server = FlotillaServer.start(SecureNodes.config(plain));
        FlotillaClient client =
            FlotillaClient.builder()
                .endpoints(address)
                .tls(nodes.tls("alice"))
                .timeout(PATIENCE)
                .build()) {
      server.ready().join();
      assertThatThrownBy(() -> client.kv().get("a")).hasMessageContaining("does not speak TLS");
    }
  }

  @Test
  void clientAtThePortForNodes_isRefused() throws TlsException {
    TlsFiles alice =
        new TlsFiles(
            Optional.of(nodes.ca()),
            Optional.of(
                new TlsFiles.Own(nodes.files().certificate("alice"), nodes.files().key("alice"))));
    Tls tls = Tls.load(alice);
    StatusRuntimeException failure = probe(tls, nodes.peerAddresses().get(0));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(failure)
        .hasMessageContaining(
            "this port is for nodes: the certificate of 'CN=alice' is not a node");
    assertThat(probe(tls, nodes.clientAddresses().get(0)).getStatus().getCode())
        .as("clients' ports have no such service")
        .isEqualTo(Status.Code.UNIMPLEMENTED);
    try (Closing plain = new Closing(channel(nodes.peerAddresses().get(0), null))) {
      assertThatThrownBy(
              () ->
                  PeerGrpc.newBlockingStub(plain.channel())
                      .probe(ProbeRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void nodeWithTheCertificateOfAClient_doesNotStart() {
    Map<Setting, String> settings =
        nodes.settings(
            0,
            Map.of(
                Setting.DATA, directory.resolve("wrong").toString(),
                Setting.TLS_CERTIFICATE, nodes.files().certificate("alice").toString(),
                Setting.TLS_KEY, nodes.files().key("alice").toString()));
    assertThatThrownBy(() -> FlotillaServer.start(SecureNodes.config(settings)))
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining(
            "is not a node's certificate: it does not name the URI flotilla://node");
  }

  @Test
  void commandLine_showsCertificates() {
    nodes.writeClient("bob");
    Map<String, String> environment =
        Map.of(
            "FLOTILLA_ENDPOINTS", nodes.endpoints(),
            "FLOTILLA_CA", nodes.ca().toString(),
            "FLOTILLA_CERTIFICATE", nodes.files().certificate("bob").toString(),
            "FLOTILLA_KEY", nodes.files().key("bob").toString());
    CommandRun put = CommandRun.with(environment, Main::tool, "put", "b", "2");
    assertThat(put.exitCode()).as(put.toString()).isZero();
    CommandRun bare =
        CommandRun.of("get", "b", "--endpoints", nodes.endpoints(), "--ca", nodes.ca().toString());
    assertThat(bare.exitCode()).isEqualTo(1);
    assertThat(bare.err()).contains("it wants a certificate").contains("--certificate and --key");
    CommandRun half = CommandRun.of("get", "b", "--ca", "x", "--key", "y");
    assertThat(half.err()).contains("--certificate and --key go together");
  }

  private record Closing(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel(HostPort to, @Nullable Tls tls) {
    return PeerChannels.create(
            ForkJoinPool.commonPool(),
            ForkJoinPool.commonPool(),
            tls == null ? InsecureChannelCredentials::create : tls::channelCredentials)
        .open(to.toString());
  }

  private static StatusRuntimeException probe(Tls tls, HostPort to) {
    try (Closing open = new Closing(channel(to, tls))) {
      return catchThrowableOfType(
          StatusRuntimeException.class,
          () -> PeerGrpc.newBlockingStub(open.channel()).probe(ProbeRequest.getDefaultInstance()));
    }
  }

  private static FlotillaException refused(Optional<TlsOptions> tls) {
    FlotillaException failure = failure(tls);
    assertThat(failure.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
    return failure;
  }

  private static FlotillaException failure(Optional<TlsOptions> tls) {
    FlotillaClient.Builder builder = nodes.client().timeout(PATIENCE);
    tls.ifPresent(builder::tls);
    try (FlotillaClient client = builder.build()) {
      return catchThrowableOfType(FlotillaException.class, () -> client.kv().put("a", "b"));
    }
  }
}
