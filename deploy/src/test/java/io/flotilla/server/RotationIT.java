package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.HostPort;
import io.flotilla.client.FlotillaClient;
import io.flotilla.server.cert.Authority;
import io.flotilla.server.cert.Issued;
import io.flotilla.server.local.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, and then the CA itself, change while clients write. */
class RotationIT {
  private static final int WRITERS = 4;
  private static final int CALLS_OF_ONE_CONNECTION = 25;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong calls = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  @Test
  void rotation_failsNoCall() throws Exception {
    try (SecureNodes nodes = new SecureNodes(directory)) {
      nodes.start(3, Map.of());
      nodes.writeClient("alice");
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String key = "writer" + i;
        writers.add(new Thread(() -> write(nodes, key), key));
      }
      writers.forEach(Thread::start);
      try {
        Authority next = SecureNodes.newAuthority("Next CA");
        renewAll(nodes, nodes.authority());
        trust(nodes, nodes.authority().own(), next.own());
        renewAll(nodes, next);
        trust(nodes, next.own());
      } finally {
        over.set(true);
        for (Thread writer : writers) {
          writer.join();
        }
      }
      assertThat(failures).isEmpty();
      assertThat(calls.get()).isGreaterThan(100);
      System.out.println("calls while certificates changed four times: " + calls);
    }
  }

  /** New connections all the time, so that certificates are shown and looked at. */
  private void write(SecureNodes nodes, String key) {
    long written = 0;
    while (!over.get()) {
      try (FlotillaClient client = nodes.client().tls(nodes.tls("alice")).build()) {
        for (int i = 0; i < CALLS_OF_ONE_CONNECTION && !over.get(); i++) {
          client.kv().put(key, String.valueOf(++written));
          calls.incrementAndGet();
        }
      } catch (RuntimeException e) {
        failures.add(key + ": " + e);
      }
    }
  }

  /** New certificates for all. */
  private static void renewAll(SecureNodes nodes, Authority signer) throws Exception {
    renewNodes(nodes, signer);
    nodes.write("alice", signer.client("alice", Instant.now(), SecureNodes.YEAR));
  }

  /** New certificates, until the nodes show them. */
  private static void renewNodes(SecureNodes nodes, Authority signer) throws Exception {
    for (int i = 0; i < 3; i++) {
      nodes.writeNode(SecureNodes.nodeName(i), signer, Instant.now());
    }
    for (int i = 0; i < 3; i++) {
      awaitShown(nodes, i, nodes.files().read(SecureNodes.nodeName(i)).certificate());
    }
  }

  private static void awaitShown(SecureNodes nodes, int place, X509Certificate wanted)
      throws Exception {
    for (HostPort port :
        List.of(nodes.clientAddresses().get(place), nodes.peerAddresses().get(place))) {
      Clusters.poll()
          .until(
              "the new certificate at " + port,
              LIMIT,
              () ->
                  SecureNodes.shownAt(port).equals(wanted)
                      ? Poll.Seen.of(true)
                      : Poll.Seen.notYet("it shows another one"));
    }
  }

  /** All trust these from now on; the certificates of the nodes are written again to see that. */
  private static void trust(SecureNodes nodes, Issued... authorities) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Issued authority : authorities) {
      nodes.write("one-ca", authority);
      all.append(read(nodes.files().certificate("one-ca")));
    }
    Path fresh = nodes.ca().resolveSibling("ca.new");
    Files.writeString(fresh, all.toString());
    Files.move(fresh, nodes.ca(), StandardCopyOption.ATOMIC_MOVE);
    // Shown only once its files were read, and with them the new trust.
    renewNodes(nodes, new Authority(authorities[0], new SecureRandom()));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
