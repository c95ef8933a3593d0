package io.flotilla.server.cert;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.CommandLineTool;
import io.flotilla.router.tls.CertificateNames;
import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.TlsException;
import io.flotilla.router.tls.TlsFiles;
import io.flotilla.server.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertCommandTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path home;
  private Path directory;

  @BeforeEach
  void choose() {
    directory = home.resolve("certs");
  }

  @Test
  void node_namesItsHostsAndThatItIsOne() throws Exception {
    ok("ca");
    ok("node", "node1", "--host", "10.0.0.1,::1,db1.example.org", "--days", "30");
    X509Certificate node = certificate("node1");
    assertThat(CertificateNames.of(node).isNode()).isTrue();
    assertThat(CertificateNames.of(node).names())
        .containsExactly(
            "node1", "10.0.0.1", "0:0:0:0:0:0:0:1", "db1.example.org", "flotilla://node");
    node.verify(certificate("ca").getPublicKey());
    assertThat(node.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(30)));
    assertThat(node.getExtendedKeyUsage()).hasSize(2);
    assertThat(load("node1").whyNoNode()).isEmpty();
  }

  @Test
  void client_isNoNodeWhateverItsName() throws Exception {
    ok("ca");
    ok("client", "alice@example.org");
    X509Certificate client = certificate("alice@example.org");
    assertThat(CertificateNames.of(client).names()).containsExactly("alice@example.org");
    assertThat(CertificateNames.of(client).isNode()).isFalse();
    Issued liar =
        Authority.create("CA", NOW, Duration.ofDays(1), new SecureRandom())
            .client(CertificateNames.NODE, NOW, Duration.ofDays(1));
    assertThat(CertificateNames.of(liar.certificate()).isNode())
        .as("a common name is no alternative name")
        .isFalse();
  }

  @Test
  void keys_areForTheirOwnerAlone() throws IOException {
    ok("ca");
    ok("client", "alice");
    assertThat(mode(directory)).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("ca.key"))).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("alice.key"))).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("alice.crt"))).isEqualTo("rw-r--r--");
  }

  @Test
  void files_areNotReplacedUnasked() throws Exception {
    ok("ca");
    byte[] key = Files.readAllBytes(directory.resolve("ca.key"));
    CommandRun again = run("ca");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("ca.key is there already; --force replaces it");
    assertThat(directory.resolve("ca.key")).hasBinaryContent(key);
    ok("ca", "--force");
    assertThat(Files.readAllBytes(directory.resolve("ca.key"))).isNotEqualTo(key);
  }

  @Test
  void renewal_keepsTheNamesAndChangesTheKey() throws Exception {
    ok("ca");
    ok("node", "node1", "--host", "localhost,10.0.0.1", "--days", "5");
    X509Certificate old = certificate("node1");
    ok("renew", "node1", "--days", "90");
    X509Certificate fresh = certificate("node1");
    assertThat(CertificateNames.of(fresh)).isEqualTo(CertificateNames.of(old));
    assertThat(fresh.getPublicKey()).isNotEqualTo(old.getPublicKey());
    assertThat(fresh.getNotAfter()).isAfter(old.getNotAfter());
    assertThat(run("renew", "ca").err()).contains("a CA is not renewed");
  }

  @Test
  void show_tellsWhatTheyAre() {
    ok("ca");
    ok("node", "node1", "--host", "h");
    Path file = directory.resolve("node1.crt");
    CommandRun shown = tool("show", file.toString());
    assertThat(shown.out())
        .contains("node1.crt: node")
        .contains("names   node1, h, flotilla://node")
        .contains("signed  by CN=Flotilla CA")
        .contains("365 days left");
    assertThat(tool("show", file.toString(), "--output", "json").out())
        .contains("\"kind\":\"node\"")
        .contains("\"names\":[\"node1\",\"h\",\"flotilla://node\"]");
  }

  @Test
  void mistakes_areExplained() {
    assertThat(run("client", "alice").err()).contains("make a CA first, with 'flotilla cert ca'");
    assertThat(run("client", "../alice").err()).contains("NAME '../alice' is not 1 to 64 letters");
    assertThat(run("node", "n").err()).contains("Missing required option: '--host=HOST'");
    assertThat(run("node", "n", "--host", "a b").err())
        .contains("--host 'a b' is no name or address of a host");
    assertThat(run("ca", "--days", "0").err()).contains("--days 0 is not from 1 to 36500");
    assertThat(tool("show", "nowhere.crt").err()).contains("nowhere.crt: there is no such file");
  }

  private Tls load(String name) throws TlsException {
    CertFiles files = new CertFiles(directory);
    return Tls.load(
        new TlsFiles(
            Optional.of(files.certificate("ca")),
            Optional.of(new TlsFiles.Own(files.certificate(name), files.key(name)))));
  }

  private X509Certificate certificate(String name) {
    return CertFiles.certificates(directory.resolve(name + ".crt")).get(0);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void ok(String... arguments) {
    CommandRun run = run(arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
  }

  private CommandRun run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--directory";
    all[arguments.length + 1] = directory.toString();
    return tool(all);
  }

  private static CommandRun tool(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "cert";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandRun.with(
        Map.of(),
        terminal ->
            new CommandLineTool(terminal)
                .add(
                    CertCommand.create(
                        new CertCommand.World(terminal, () -> NOW, new SecureRandom()))),
        all);
  }
}
