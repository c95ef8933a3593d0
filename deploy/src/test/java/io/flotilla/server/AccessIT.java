package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flotilla.cli.HostPort;
import io.flotilla.client.AccessToken;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaClient;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Outcome;
import io.flotilla.client.Scan;
import io.flotilla.client.TlsOptions;
import io.flotilla.contract.v1.AdminGrpc;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.ListNodesRequest;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.TlsException;
import io.flotilla.router.tls.TlsFiles;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.Poll;
import io.flotilla.shard.transport.PeerChannels;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles, scopes and tokens, over real servers. */
class AccessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir static Path directory;
  private static SecureNodes nodes;
  private static Path file;
  private static Path audit;
  private static String clusterId;
  private static AccessToken token;

  @BeforeAll
  static void start() throws Exception {
    file = directory.resolve("access.yaml");
    audit = directory.resolve("audit.jsonl");
    nodes = new SecureNodes(directory);
    for (String name : List.of("root", "ops", "reader", "shop", "nobody")) {
      nodes.writeClient(name);
    }
    write("");
    nodes.start(
        3,
        Map.of(
            Setting.ACCESS, file.toString(),
            Setting.AUDIT_LOG, audit.toString(),
            Setting.TLS_CLIENT_AUTH, "request"));
    try (FlotillaClient root = as("root")) {
      clusterId = root.admin().listNodes().clusterId();
      root.kv().put("shop/1", "one");
      root.kv().put("other/1", "two");
    }
    token = AccessToken.create(clusterId, new SecureRandom());
    write("    tokens: [{sha256: " + token.sha256() + "}]");
    Clusters.poll()
        .until(
            "the token to count",
            PATIENCE,
            () -> {
              try (FlotillaClient client = with(token.text())) {
                client.kv().get("shop/1");
                return Poll.Seen.of(true);
              } catch (FlotillaException e) {
                return Poll.Seen.notYet(e.toString());
              }
            });
  }

  private static void write(String tokensOfShop) throws IOException {
    write(tokensOfShop, "");
  }

  private static void write(String tokensOfShop, String tokensOfTurn) throws IOException {
    Files.writeString(
        file,
        """
        principals:
          root:
            grants: [{role: admin}]
          ops:
            grants: [{role: operator}]
          reader:
            grants: [{role: reader}]
          shop:
            grants:
              - {role: writer, prefix: shop/}
              - {role: reader, prefix: catalog/}
        """
            + tokensOfShop
            + "\n  turn:\n    grants: [{role: writer, prefix: turn/}]\n"
            + tokensOfTurn
            + "\n");
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private static FlotillaClient as(String name) {
    return nodes.client().timeout(PATIENCE).tls(nodes.tls(name)).build();
  }

  private static FlotillaClient with(String shown) {
    return nodes
        .client()
        .timeout(PATIENCE)
        .tls(TlsOptions.trusting(nodes.ca()))
        .token(() -> shown)
        .build();
  }

  @Test
  void reader_readsAndDoesNotWrite() {
    try (FlotillaClient reader = as("reader")) {
      assertThat(reader.kv().get("shop/1").orElseThrow().value().text()).isEqualTo("one");
      denied(
          () -> reader.kv().put("shop/1", "x"), "put needs the role writer (reader has: [reader])");
      denied(() -> reader.kv().delete("shop/1"), "delete needs the role writer");
      assertThat(reader.admin().listNodes().nodes())
          .allMatch(node -> node.problem().contains("node-status needs the role operator"));
    }
  }

  @Test
  void singleCalls_areDecidedToo() throws TlsException {
    Tls reader =
        Tls.load(
            new TlsFiles(
                Optional.of(nodes.ca()),
                Optional.of(
                    new TlsFiles.Own(
                        nodes.files().certificate("reader"), nodes.files().key("reader")))));
    ManagedChannel channel =
        PeerChannels.create(Runnable::run, ForkJoinPool.commonPool(), reader::channelCredentials)
            .open(nodes.clientAddresses().get(0).toString());
    try {
      assertThatThrownBy(
              () ->
                  AdminGrpc.newBlockingStub(channel)
                      .listNodes(ListNodesRequest.getDefaultInstance()))
          .hasMessageContaining("PERMISSION_DENIED: ListNodes needs the role operator");
      assertThatThrownBy(() -> KvGrpc.newBlockingStub(channel).put(PutRequest.getDefaultInstance()))
          .hasMessageContaining("PERMISSION_DENIED: put needs the role writer");
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void writer_staysWithinItsScope() {
    for (FlotillaClient shop : List.of(as("shop"), with(token.text()))) {
      try (shop) {
        shop.kv().put("shop/2", "x");
        denied(() -> shop.kv().get("other/1"), "the key 'other/1' is in no scope");
        denied(() -> shop.kv().put("shop", "x"), "the key 'shop' is in no scope");
        denied(() -> shop.kv().put("shop0", "x"), "the key 'shop0' is in no scope");
        denied(() -> shop.kv().put("catalog/1", "x"), "the key 'catalog/1' is in no scope");
        assertThat(shop.kv().get("catalog/1")).isEmpty();
      }
    }
  }

  @Test
  void scanAcrossTheEdge_isRefusedAsAWhole() {
    try (FlotillaClient shop = as("shop")) {
      assertThat(shop.kv().scan(Scan.prefix("shop/"))).isNotEmpty();
      denied(
          () -> shop.kv().scan(Scan.all()).count(),
          "not all keys that it asks for are in one scope");
      denied(
          () -> shop.kv().scan(Scan.range(Key.of("shop/"), Key.of("shop1"))).count(),
          "not all keys");
      denied(
          () ->
              shop.kv()
                  .deleteRange(
                      new KeyRange(Optional.of(Key.of("shop/")), Optional.of(Key.of("shop1")))),
          "not all keys");
    }
  }

  @Test
  void operator_runsTheClusterAndSeesNoKeys() {
    try (FlotillaClient ops = as("ops");
        FlotillaClient reader = as("reader")) {
      assertThat(ops.admin().listNodes().nodes()).hasSize(3);
      ops.admin().splitShard(Key.of("m"));
      denied(() -> ops.kv().get("shop/1"), "get needs the role reader");
      denied(() -> ops.admin().removeNode(77), "catalog-update needs the role admin");
      denied(() -> reader.admin().splitShard(Key.of("n")), "split-shard needs the role operator");
    }
    assertThat(lines(audit))
        .anyMatch(
            line ->
                line.contains("\"who\":\"ops\"")
                    && line.contains("\"what\":\"split-shard\"")
                    && line.contains("\"key\":\"m\"")
                    && line.contains("\"outcome\":\"ok\""))
        .anyMatch(
            line ->
                line.contains("\"who\":\"reader\"")
                    && line.contains("\"outcome\":\"PERMISSION_DENIED\""))
        .anyMatch(line -> line.contains("\"what\":\"remove-node\""));
    assertThat(mode(audit)).isEqualTo("rw-------");
  }

  @Test
  void whoeverIsNotInTheFile_isNotKnown() {
    unknown(as("nobody"), "the certificate names [nobody], who is not in the access file");
    unknown(
        nodes.client().timeout(PATIENCE).tls(TlsOptions.trusting(nodes.ca())).build(),
        "neither a certificate nor a token was shown");
  }

  @Test
  void otherTokens_areRefused() {
    String foreign = AccessToken.create("0".repeat(32), new SecureRandom()).text();
    unknown(with(foreign), "the token is of another cluster (00000000…)");
    unknown(
        with(AccessToken.create(clusterId, new SecureRandom()).text()),
        "the token is not in the access file, or has expired");
    unknown(with(token.text() + "x"), "what was shown is no token of Flotilla");
  }

  @Test
  void rotatedToken_failsNoCall() throws Exception {
    AccessToken first = AccessToken.create(clusterId, new SecureRandom());
    AccessToken next = AccessToken.create(clusterId, new SecureRandom());
    String kept = "    tokens: [{sha256: " + token.sha256() + "}]";
    write(kept, "    tokens: [{sha256: %s}]".formatted(first.sha256()));
    AtomicReference<String> shown = new AtomicReference<>(first.text());
    awaitToken(() -> {}, first, true);
    try (FlotillaClient client =
        nodes.client().tls(TlsOptions.trusting(nodes.ca())).token(shown::get).build()) {
      Runnable busy =
          () -> {
            for (int i = 0; i < 10; i++) {
              client.kv().put("turn/a", String.valueOf(i));
            }
          };
      busy.run();
      write(
          kept,
          "    tokens: [{sha256: %s}, {sha256: %s}]".formatted(first.sha256(), next.sha256()));
      awaitToken(busy, next, true);
      shown.set(next.text());
      write(kept, "    tokens: [{sha256: " + next.sha256() + "}]");
      awaitToken(busy, first, false);
      busy.run();
    }
  }

  /** Keeps busy until another client is let in by a token, or is not, by every node. */
  private static void awaitToken(Runnable busy, AccessToken other, boolean wanted)
      throws Exception {
    Clusters.poll()
        .until(
            "the access file to count",
            Duration.ofSeconds(20),
            () -> {
              busy.run();
              long in = nodes.clientAddresses().stream().filter(at -> letsIn(at, other)).count();
              return in == (wanted ? 3 : 0) ? Poll.Seen.of(true) : Poll.Seen.notYet(in + " do");
            });
  }

  private static boolean letsIn(HostPort at, AccessToken shown) {
    try (FlotillaClient client =
        FlotillaClient.builder()
            .endpoints(at.toString())
            .timeout(PATIENCE)
            .tls(TlsOptions.trusting(nodes.ca()))
            .token(shown::text)
            .build()) {
      client.kv().get("turn/a");
      return true;
    } catch (FlotillaException e) {
      return false;
    }
  }

  @Test
  void commandLine_makesAndShowsTokens() throws IOException {
    Map<String, String> root =
        Map.of(
            "FLOTILLA_ENDPOINTS", nodes.endpoints(),
            "FLOTILLA_CA", nodes.ca().toString(),
            "FLOTILLA_CERTIFICATE", nodes.files().certificate("root").toString(),
            "FLOTILLA_KEY", nodes.files().key("root").toString());
    Path made = directory.resolve("made.token");
    CommandRun run =
        CommandRun.with(
            root, Main::tool, "token", "create", made.toString(), "--expires", "2027-01-31");
    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).containsPattern("- \\{sha256: [0-9a-f]{64}, expires: 2027-01-31}");
    assertThat(Files.readString(made)).startsWith("flotilla." + clusterId + ".");
    assertThat(mode(made)).isEqualTo("rw-------");
    Path shown = Files.writeString(directory.resolve("shop.token"), token.text() + "\n");
    CommandRun get =
        CommandRun.of(
            "get",
            "shop/1",
            "--endpoints",
            nodes.endpoints(),
            "--ca",
            nodes.ca().toString(),
            "--token-file",
            shown.toString());
    assertThat(get.exitCode()).as(get.toString()).isZero();
    assertThat(CommandRun.of("get", "a", "--token-file", shown.toString()).err())
        .contains("--token-file goes with --ca");
  }

  private static void denied(ThrowingCallable call, String message) {
    FlotillaException failure = catchThrowableOfType(FlotillaException.class, call);
    assertThat(failure).hasMessageContaining(message);
    assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(failure.outcome()).isEqualTo(Outcome.REJECTED);
  }

  private static void unknown(FlotillaClient client, String message) {
    try (client) {
      FlotillaException failure =
          catchThrowableOfType(FlotillaException.class, () -> client.kv().put("shop/9", "x"));
      assertThat(failure).hasMessageContaining(message);
      assertThat(failure.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
      assertThat(failure.outcome()).isNotEqualTo(Outcome.UNKNOWN);
    }
  }

  private static List<String> lines(Path of) {
    try {
      return Files.readAllLines(of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String mode(Path of) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(of));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
