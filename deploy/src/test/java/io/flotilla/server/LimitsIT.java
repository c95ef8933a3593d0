package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.HostPort;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.server.config.Setting;
import io.flotilla.server.local.Poll;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client may take of a server. */
class LimitsIT {
  private static final int CONNECTIONS = 10;

  @TempDir static Path directory;
  private static FlotillaServer server;
  private static HostPort address;

  @BeforeAll
  static void start() {
    address = SecureNodes.freeAddress();
    server =
        FlotillaServer.start(
            SecureNodes.config(
                Map.of(
                    Setting.DATA, directory.toString(),
                    Setting.LISTEN, address.toString(),
                    Setting.MAX_CONNECTIONS, String.valueOf(CONNECTIONS))));
    server.ready().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ManagedChannel open() {
    return NettyChannelBuilder.forAddress(address.host(), address.port()).usePlaintext().build();
  }

  private static long ask(ManagedChannel channel) {
    return RoutesGrpc.newBlockingStub(channel)
        .withDeadlineAfter(5, TimeUnit.SECONDS)
        .getRoutes(GetCatalogRequest.getDefaultInstance())
        .getVersion();
  }

  @Test
  void connectionsBeyondTheLimit_areClosedAndRoomComesBack() throws InterruptedException {
    List<ManagedChannel> channels = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        channels.add(open());
        ask(channels.get(i));
      }
      ManagedChannel surplus = open();
      channels.add(surplus);
      assertThatThrownBy(() -> ask(surplus)).isInstanceOf(StatusRuntimeException.class);
      channels.get(0).shutdownNow();
      Clusters.poll()
          .until(
              "room for a connection",
              Duration.ofSeconds(20),
              () -> {
                ManagedChannel again = open();
                channels.add(again);
                try {
                  ask(again);
                  return Poll.Seen.of(true);
                } catch (StatusRuntimeException e) {
                  return Poll.Seen.notYet(e.toString());
                }
              });
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  @Test
  void headersBeyondTheLimit_areRefused() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(32 << 10));
    ManagedChannel channel = open();
    try {
      assertThatThrownBy(
              () ->
                  RoutesGrpc.newBlockingStub(channel)
                      .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                      .getRoutes(GetCatalogRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class);
      assertThat(ask(channel)).as("others go on").isNotNegative();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void connectionThatSaysNothing_isEnded() throws IOException {
    try (Socket socket = new Socket(address.host(), address.port())) {
      socket.setSoTimeout(30_000);
      byte[] heard = socket.getInputStream().readAllBytes();
      assertThat(heard.length).as("the server's own preface at most").isLessThan(1_000);
    }
  }
}
