package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.server.FlotillaServer;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README shows the tour as it stands in its source, and what it prints is true. */
class ReadmeTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void readmeShowsTheTourAsItIs() throws IOException {
    String readme = Files.readString(PROJECT.resolve("README.md"));
    int begin = readme.indexOf("```java\n") + "```java\n".length();
    String shown = readme.substring(begin, readme.indexOf("```", begin));
    assertThat(shown).isEqualTo(tour());
  }

  private static String tour() throws IOException {
    List<String> lines =
        Files.readAllLines(
            PROJECT.resolve("deploy/src/test/java/io/flotilla/examples/SdkTour.java"));
    int begin = lines.indexOf("    // README begins");
    int end = lines.indexOf("    // README ends");
    return lines.subList(begin + 1, end).stream()
        .map(line -> line.replaceFirst("^ {4}", ""))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void tourDoesWhatItSays(@TempDir Path directory) throws Exception {
    String address = "127.0.0.1:" + freePort();
    ServerConfig config =
        ConfigReader.read(
                Program.SERVER,
                Map.of(
                    Setting.DATA,
                    directory.toString(),
                    Setting.LISTEN,
                    address,
                    Setting.HTTP_LISTEN,
                    "off"),
                Map.of(),
                Optional.empty(),
                2)
            .config();
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    try (FlotillaServer server = FlotillaServer.start(config)) {
      server.ready().get(30, TimeUnit.SECONDS);
      SdkTour.run(new PrintStream(written, true, StandardCharsets.UTF_8), address);
    }
    assertThat(written.toString(StandardCharsets.UTF_8))
        .matches(
            """
            Ada at revision \\d+
            first: true, second: false
            batch applied: true
            user/3 = Edsger
            user/1 = Ada Lovelace
            found: true
            """);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
