package io.flotilla.server.cert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.router.tls.Tls;
import io.flotilla.router.tls.TlsException;
import io.flotilla.router.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How files of certificates are read, and read again. */
class TlsFilesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private final Authority authority =
      Authority.create("CA", Instant.now(), DAY, new SecureRandom());
  private CertFiles files;

  @BeforeEach
  void write() {
    files = new CertFiles(directory);
    files.write("ca", authority.own(), true);
    files.write("a", authority.client("a", Instant.now(), DAY), true);
    files.write("b", authority.client("b", Instant.now(), DAY), true);
  }

  @Test
  void change_countsOnce() throws Exception {
    Tls tls = Tls.load(of("a"));
    assertThat(tls.refresh()).isFalse();
    Issued fresh = authority.client("a", Instant.now(), DAY);
    files.write("a", fresh, true);
    assertThat(tls.refresh()).isTrue();
    assertThat(tls.certificate()).isEqualTo(fresh.certificate());
    assertThat(tls.refresh()).isFalse();
  }

  @Test
  void nodeDoesNotTakeACertificateThatIsNone() throws Exception {
    files.write("n", authority.node("n", List.of("localhost"), Instant.now(), DAY), true);
    Tls tls = Tls.loadForPeers(of("n"));
    files.write("n", authority.client("n", Instant.now(), DAY), true);
    assertThatThrownBy(tls::refresh).hasMessageContaining("is not a node's certificate");
    assertThat(tls.whyNoNode()).isEmpty();
  }

  @Test
  void symbolicLinks_areFollowed() throws Exception {
    // As Kubernetes changes the files of a Secret.
    Files.createSymbolicLink(directory.resolve("now.crt"), files.certificate("a"));
    Files.createSymbolicLink(directory.resolve("now.key"), files.key("a"));
    Tls tls = Tls.load(of("now"));
    Files.delete(directory.resolve("now.crt"));
    Files.createSymbolicLink(directory.resolve("now.crt"), files.certificate("b"));
    assertThatThrownBy(tls::refresh).hasMessageContaining("is not the key of the certificate");
    Files.delete(directory.resolve("now.key"));
    Files.createSymbolicLink(directory.resolve("now.key"), files.key("b"));
    assertThat(tls.refresh()).isTrue();
    assertThat(tls.certificate()).isEqualTo(files.read("b").certificate());
  }

  @Test
  void brokenFile_leavesTheOldAndComplainsOnce() throws Exception {
    Tls tls = Tls.load(of("a"));
    String good = Files.readString(files.certificate("a"));
    Files.writeString(files.certificate("a"), good.substring(0, good.length() / 2));
    assertThatThrownBy(tls::refresh).isInstanceOf(TlsException.class);
    assertThat(tls.refresh()).isFalse();
    assertThat(tls.certificate()).isNotNull();
    assertThat(tls.channelCredentials()).isNotNull();
    Files.delete(files.certificate("a"));
    assertThatThrownBy(tls::refresh).hasMessageContaining("there is no such file");
    Files.writeString(files.certificate("a"), good);
    assertThat(tls.refresh()).as("as it was").isFalse();
  }

  @Test
  void mistakes_nameFileAndWayOut() throws IOException {
    wrong(
        "a.key",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        "PKCS #8");
    wrong(
        "a.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "is no EC key");
    wrong("a.key", Files.readString(files.key("b")), "is not the key of the certificate");
    wrong("a.key", "", "has no key in PEM");
    wrong("a.key", "-----BEGIN PRIVATE KEY-----\nAA=A\n-----END PRIVATE KEY-----\n", "damaged key");
    wrong("a.crt", "nonsense", "has no certificate in PEM");
    wrong(
        "a.crt",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "has a damaged certificate");
    wrong("ca.crt", "x".repeat(2 << 20), "is too large");
  }

  private void wrong(String name, String content, String message) throws IOException {
    Path file = directory.resolve(name);
    String good = Files.readString(file);
    Files.writeString(file, content);
    assertThatThrownBy(() -> Tls.load(of("a")))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
    Files.writeString(file, good);
  }

  private TlsFiles of(String name) {
    return new TlsFiles(
        Optional.of(files.certificate("ca")),
        Optional.of(new TlsFiles.Own(files.certificate(name), files.key(name))));
  }
}
