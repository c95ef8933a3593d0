package io.flotilla.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalToolsTest {
  private final AtomicLong now = new AtomicLong();
  private final Poll poll = new Poll(now::get, time -> now.addAndGet(time.toNanos()));

  @Test
  void poll_looksUntilItIsSo() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    String seen =
        poll.until(
            "three looks",
            Duration.ofSeconds(1),
            () ->
                looks.incrementAndGet() < 3 ? Poll.Seen.notYet("too early") : Poll.Seen.of("yes"));
    assertThat(seen).isEqualTo("yes");
    assertThat(looks).hasValue(3);
  }

  @Test
  void poll_endsAtItsLimitWithTheLastReason() {
    assertThatThrownBy(
            () ->
                poll.until(
                    "a leader",
                    Duration.ofSeconds(1),
                    () -> {
                      throw new FlotillaException(
                          ErrorCode.UNAVAILABLE, Outcome.NOT_APPLIED, "nobody there", 0, 0);
                    }))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("waited 1.0 s for a leader; at the end: nobody there");
    assertThat(Duration.ofNanos(now.get())).isLessThan(Duration.ofMillis(1_100));
  }

  @Test
  void ports_areFreeOrNot() throws Exception {
    List<Integer> free = Ports.free(3);
    assertThat(free).doesNotHaveDuplicates().hasSize(3);
    assertThat(Ports.inUse(free)).isEmpty();
    try (ServerSocket taken = new ServerSocket(free.get(1), 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.inUse(free)).containsExactly(taken.getLocalPort());
    }
  }

  @Test
  void jvmOptions_fitTheVersion() {
    assertThat(JvmOptions.required(17))
        .contains("java.base/java.nio=ALL-UNNAMED", "java.base/sun.nio.ch=ALL-UNNAMED")
        .doesNotContain("--sun-misc-unsafe-memory-access=allow");
    assertThat(JvmOptions.required(25))
        .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    assertThat(JvmOptions.local(17, Map.of(JvmOptions.VARIABLE, " -Xmx2g  -ea ")))
        .endsWith("-Xmx2g", "-ea");
    assertThat(JvmOptions.local(17, Map.of())).doesNotContain("");
  }
}
