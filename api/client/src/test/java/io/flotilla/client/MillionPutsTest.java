package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A caller that puts and puts and never waits for an answer. Ask for a million of them with {@code
 * -Dflotilla.puts=1000000}, and with {@code -Dflotilla.endpoints=HOST:PORT} of a real cluster; what
 * came of them and how much memory it took is printed.
 */
class MillionPutsTest {
  private static final int PUTS = Integer.getInteger("flotilla.puts", 20_000);
  private static final Value VALUE = Value.of("x".repeat(100));
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final long MIB = 1 << 20;

  @Test
  void withoutAServer() throws Exception {
    String nobody = "127.0.0.1:" + closedPort();
    run("no server, WAIT", client(nobody, Overflow.WAIT), 0);
    run("no server, FAIL", client(nobody, Overflow.FAIL), 0);
  }

  @Test
  void withAServerThatNeverAnswers() throws Exception {
    try (FakeCluster cluster = new FakeCluster(1)) {
      cluster.node(1).silent = Request::hasPut;
      run("silent server, FAIL", client(cluster.node(1).address(), Overflow.FAIL), 0);
    }
  }

  @Test
  void withARealCluster() throws Exception {
    String endpoints = System.getProperty("flotilla.endpoints", "");
    Assumptions.assumeFalse(endpoints.isEmpty(), "needs -Dflotilla.endpoints");
    run("cluster, WAIT", client(endpoints, Overflow.WAIT), PUTS);
    run("cluster, FAIL", client(endpoints, Overflow.FAIL), 1);
  }

  private static FlotillaClient client(String endpoints, Overflow overflow) {
    return FlotillaClient.builder()
        .endpoints(endpoints.split(","))
        .timeout(TIMEOUT)
        .overflow(overflow)
        .build();
  }

  private static void run(String name, FlotillaClient made, int atLeastWritten) throws Exception {
    Map<String, Integer> ends = new TreeMap<>();
    CountDownLatch open = new CountDownLatch(PUTS);
    long begun = System.nanoTime();
    long before = settledHeap();
    try (FlotillaClient client = made) {
      for (int i = 0; i < PUTS; i++) {
        var unused =
            client
                .async()
                .put(Key.of("put/" + i), VALUE)
                .whenComplete(
                    (written, failure) -> {
                      String end = failure instanceof FlotillaException e ? why(e) : "written";
                      synchronized (ends) {
                        ends.merge(end, 1, Integer::sum);
                      }
                      open.countDown();
                    });
      }
      Tests.await(open);
    }
    long peak = peakHeap() - before;
    System.out.printf(
        "%s: %,d puts in %.1f s, %d MiB of heap at most beyond %d MiB, of %d; %s%n",
        name,
        PUTS,
        (System.nanoTime() - begun) / 1e9,
        peak / MIB,
        before / MIB,
        Runtime.getRuntime().maxMemory() / MIB,
        ends);
    assertThat(ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(PUTS);
    assertThat(ends.getOrDefault("written", 0)).isGreaterThanOrEqualTo(atLeastWritten);
  }

  private static String why(FlotillaException failure) {
    return failure.code() + " " + failure.outcome();
  }

  private static long settledHeap() {
    System.gc();
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    return heapPools().stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
  }

  /** The sum of what each part held at most, with garbage: more than was held at any time. */
  private static long peakHeap() {
    return heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
