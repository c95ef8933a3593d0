package io.flotilla.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.HostPort;
import io.flotilla.server.local.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpServerTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int MOST = 4;

  private final int port = Ports.free(1).get(0);
  private final HostPort address = new HostPort("127.0.0.1", port);
  private final CompletableFuture<HttpAnswer> late = new CompletableFuture<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  HttpServerTest() throws IOException {
    server =
        HttpServer.start(
            address,
            Map.of(
                "/ok", question -> done(HttpAnswer.text(200, "query " + question.query())),
                "/late", question -> late,
                "/large", question -> done(HttpAnswer.text(200, "x".repeat(1 << 20))),
                "/broken",
                    question -> {
                      throw new IllegalStateException("broken on purpose");
                    }),
            new HttpConfig(MOST, 1_024, 2_048, PATIENCE));
  }

  private static CompletableFuture<HttpAnswer> done(HttpAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  @BeforeEach
  void answers() throws Exception {
    assertThat(get("/ok").statusCode()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).GET());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Sends bytes, and reads until the server closes. */
  private String talk(String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void get_showsThePageWithItsQuery() throws Exception {
    HttpResponse<String> response = get("/ok?a=1&b");
    assertThat(response.body()).isEqualTo("query {a=[1], b=[]}");
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void head_hasNoBody() throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(uri("/ok")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void otherPaths_areNamedAndOtherMethodsRefused() throws Exception {
    HttpResponse<String> missing = get("/no/such");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("/ok");
    assertThat(send(HttpRequest.newBuilder(uri("/ok")).DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void bodies_areRefused() throws Exception {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(uri("/ok"))
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(10_000))));
    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void brokenPage_isAnErrorAndTheServerGoesOn() throws Exception {
    HttpResponse<String> response = get("/broken");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("on purpose");
    assertThat(get("/ok").statusCode()).isEqualTo(200);
  }

  @Test
  void pageThatTakesLong_holdsUpNobody() throws Exception {
    CompletableFuture<HttpResponse<String>> waits =
        client.sendAsync(
            HttpRequest.newBuilder(uri("/late")).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(get("/ok").statusCode()).isEqualTo(200);
    late.complete(HttpAnswer.text(200, "late"));
    assertThat(waits.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
  }

  @Test
  void requestBeforeItsTurn_endsTheConnection() throws IOException {
    String late = "GET /late HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(talk(late + late)).isEmpty();
  }

  @Test
  void tooMuch_isRefused() throws IOException {
    assertThat(talk("GET /ok HTTP/1.1\r\nA: " + "a".repeat(4_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
    assertThat(talk("GET /" + "a".repeat(4_000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(talk("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
  }

  @Test
  void requestThatDoesNotEnd_isCutOff() throws IOException {
    assertThat(talk("GET /ok HTTP/1.1\r\nA: a")).isEmpty();
  }

  @Test
  void moreConnectionsThanTheBound_areClosed() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < MOST; i++) {
        idle.add(new Socket("127.0.0.1", port));
      }
      assertThat(talk("GET /ok HTTP/1.1\r\n\r\n")).isEmpty();
      // The idle ones are cut off, and there is room again.
      for (Socket socket : idle) {
        assertThat(read(socket)).isEqualTo(-1);
      }
      assertThat(get("/ok").statusCode()).isEqualTo(200);
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private static int read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return in.read();
  }

  @Test
  void largeAnswers_areCompressedForThoseWhoWantIt() throws Exception {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(uri("/large")).header("Accept-Encoding", "gzip").build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    assertThat(response.body().length).isLessThan(100_000);
    assertThat(get("/large").body()).hasSize(1 << 20);
  }

  @Test
  void portInUse_isTold() {
    assertThatThrownBy(() -> HttpServer.start(address, Map.of())).isInstanceOf(IOException.class);
  }
}
