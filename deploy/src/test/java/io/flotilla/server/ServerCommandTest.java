package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.CommandLineTool;
import io.flotilla.cli.Terminal;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import io.flotilla.server.log.LogSetup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ServerCommandTest {
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final List<ServerConfig> started = new ArrayList<>();
  private final List<Optional<ServerConfig>> reloads = new CopyOnWriteArrayList<>();
  private final List<Runnable> hooks = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  @TempDir Path directory;

  @AfterEach
  void quiet() {
    LogSetup.forCommands();
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void everySetting_isAFlagWithItsDefaultInTheHelp(Setting setting) {
    CommandRun run = run("server", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--" + setting.key() + "=" + setting.form());
    assertThat(run.out().replaceAll("\\s+", " ")).contains(setting.description());
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server | --data is missing",
        "server --data d --colour red | Unknown options: '--colour', 'red'",
        "server --data d --lissten h:1 | did you mean --listen",
        "server --data d --listen | Missing required parameter for option '--listen'",
        "server --data d --data e | should be specified only once",
        "server --data d --listen localhost | --listen 'localhost' has no port",
        "server --data d --join a:1,b | --join 'a:1,b' 'b' has no port",
        "server --data d --loops 99 | --loops '99' is not a whole number from 0 to 64",
        "server --data d --tick soon | --tick 'soon' is not a time",
        "server --data d --log-level loud | --log-level 'loud' is none of error, warn",
        "server --data d --config gone.yaml | there is no such file",
        "server --data d extra | Unmatched argument at index 3: 'extra'"
      })
  void wrongUsage_isExplained(String words, String message) {
    CommandRun run = run(words.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).contains("flotilla server --help");
    assertThat(run.out()).isEmpty();
    assertThat(started).isEmpty();
  }

  @Test
  void severalMistakes_areToldAtOnce() {
    environment = Map.of("FLOTILLA_TICK", "x");
    CommandRun run = run("server", "--listen", "nowhere", "--replication", "9");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("flotilla: --data is missing")
        .contains("flotilla: --listen 'nowhere'")
        .contains("flotilla: --replication '9'")
        .contains("flotilla: FLOTILLA_TICK 'x'");
  }

  @Test
  void printConfig_tellsEachValueAndItsSourceAndStartsNothing() throws Exception {
    Path file = Files.writeString(directory.resolve("node.yaml"), "tick: 50ms\nloops: 2\n");
    environment = Map.of("FLOTILLA_LOOPS", "3", "FLOTILLA_LOG_LEVEL", "warn", "PATH", "x");
    CommandRun run =
        run(
            "server",
            "--config",
            file.toString(),
            "--data",
            "/d",
            "--log-level",
            "debug",
            "--print-config");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll("\\s+", " ")))
        .contains(
            "data: /d # --data",
            "tick: 50ms # " + file + ": tick",
            "loops: 3 # FLOTILLA_LOOPS",
            "log-level: debug # --log-level",
            "replication: 3 # default")
        .hasSize(Setting.values().length);
    assertThat(started).isEmpty();
  }

  @Test
  void server_tellsThatItIsReadyAndStopsWhenItsParentIsGone() {
    ready.complete(null);
    CountDownLatch told = new CountDownLatch(1);
    CommandRun run =
        CommandRun.watched(
            endsAfter(told),
            told::countDown,
            this::tool,
            "server",
            "--data",
            directory.toString(),
            "--listen",
            "127.0.0.1:7009",
            "--parent-watch");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo("node is ready, listens at 127.0.0.1:7009, data in " + directory + "\n");
    assertThat(hooks).hasSize(1);
    assertThat(started.get(0).data()).isEqualTo(directory);
  }

  @Test
  void server_stopsWhenTheProcessIsToldTo() {
    CommandRun run =
        CommandRun.with(
            environment,
            terminal ->
                new CommandLineTool(terminal)
                    .add(
                        new ServerCommand(terminal, 2, this::start, (name, stop) -> stop.run())
                            .commandLine()),
            "server",
            "--data",
            "d");
    assertThat(run.exitCode()).isZero();
    assertThat(stopped).isCompleted();
  }

  @Test
  void serverThatCannotStart_failsWithOneLine() {
    CommandRun run =
        CommandRun.with(
            environment,
            terminal ->
                new CommandLineTool(terminal)
                    .add(
                        new ServerCommand(terminal, 2, this::refuse, (name, stop) -> {})
                            .commandLine()),
            "server",
            "--data",
            "d");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("flotilla: port 7001 is in use\n");
  }

  @Test
  void serverThatNeverCanJoin_failsWithOneLine() {
    ready.completeExceptionally(new ServerStartException("the data is of another cluster"));
    CommandRun run = run("server", "--data", "d");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("flotilla: the data is of another cluster\n");
    assertThat(stopped).isCompleted();
  }

  @Test
  void serverThatFailsLater_failsTheCommand() {
    ready.complete(null);
    stopped.completeExceptionally(new IllegalStateException("disk"));
    CommandRun run = run("server", "--data", "d");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("flotilla: the server failed:").contains("disk");
  }

  /** Standard input that ends, as it does when the parent dies. */
  private static InputStream endsAfter(CountDownLatch latch) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        try {
          latch.await();
          return -1;
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  private CommandRun run(String... arguments) {
    return CommandRun.with(environment, this::tool, arguments);
  }

  private CommandLineTool tool(Terminal terminal) {
    return new CommandLineTool(terminal)
        .add(
            new ServerCommand(terminal, 2, this::start, (name, stop) -> hooks.add(stop))
                .commandLine());
  }

  private RunningServer start(ServerConfig config) {
    started.add(config);
    return new RunningServer(ready, stopped, () -> stopped.complete(null), reloads::add);
  }

  private RunningServer refuse(ServerConfig config) {
    throw new ServerStartException("port " + config.network().listen().port() + " is in use");
  }
}
