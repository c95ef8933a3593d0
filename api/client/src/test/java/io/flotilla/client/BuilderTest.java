package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuilderTest {
  @Test
  void endpointsAreNeededAndMustMakeSense() {
    refused(FlotillaClient.builder(), "at least one endpoint");
    refused(FlotillaClient.builder().endpoints("nowhere"), "HOST:PORT");
    refused(FlotillaClient.builder().endpoints(List.of("a:1", "b:99999")), "b");
  }

  @Test
  void settingsHaveBounds() {
    refused(builder().timeout(Duration.ZERO), "timeout");
    refused(builder().timeout(Duration.ofNanos(999_999)), "1 ms");
    refused(builder().timeout(Duration.ofSeconds(61)), "60 s");
    refused(builder().maxInFlightBytes((4 << 20) - 1), "maxInFlightBytes");
  }

  @Test
  void aTokenIsNotSentForAllToRead() {
    refused(builder().token(() -> "secret"), "a token goes over TLS only");
  }

  @Test
  void makingAClientDoesNotWaitForAServer() {
    try (FlotillaClient client =
        builder().timeout(Duration.ofSeconds(60)).maxInFlightBytes(4 << 20).build()) {
      assertThat(client.kv()).isSameAs(client.kv());
      assertThat(client.async()).isSameAs(client.async());
      assertThat(client.admin()).isSameAs(client.admin());
    }
  }

  private static FlotillaClient.Builder builder() {
    return FlotillaClient.builder().endpoints("127.0.0.1:1");
  }

  private static void refused(FlotillaClient.Builder builder, String why) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
