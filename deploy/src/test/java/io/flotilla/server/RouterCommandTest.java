package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.cli.CommandLineTool;
import io.flotilla.cli.Terminal;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import io.flotilla.server.log.LogSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class RouterCommandTest {
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final List<ServerConfig> started = new ArrayList<>();
  private Map<String, String> environment = Map.of();

  @TempDir Path directory;

  @AfterEach
  void quiet() {
    LogSetup.forCommands();
  }

  @ParameterizedTest
  @EnumSource(Setting.class)
  void help_hasTheSettingsOfARouterAndNoOthers(Setting setting) {
    CommandRun run = run("router", "--help");
    assertThat(run.exitCode()).isZero();
    String flag = "--" + setting.key() + "=" + setting.form();
    if (Program.ROUTER.settings().contains(setting)) {
      assertThat(run.out()).contains(flag);
      assertThat(run.out().replaceAll("\\s+", " ")).contains(Program.ROUTER.description(setting));
    } else {
      assertThat(run.out()).doesNotContain(flag);
    }
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "router | --join is missing: Nodes of the cluster",
        "router --join a:1 --data d | Unknown options: '--data', 'd'",
        "router --join a:1 --listen 0.0.0.0:0 | port 0 is no fixed port",
        "router --join a:1 --advertise 0.0.0.0:7001 | means every interface"
      })
  void wrongUsage_isExplained(String words, String message) {
    CommandRun run = run(words.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).contains("flotilla router --help");
    assertThat(started).isEmpty();
  }

  @Test
  void fileWithASettingOfNodes_isRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("r.yaml"), "join: a:1\ntick: 50ms\n");
    CommandRun run = run("router", "--config", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(file + ": tick: is no setting of a router");
  }

  @Test
  void printConfig_tellsTheSettingsOfARouter() {
    environment = Map.of("FLOTILLA_JOIN", "a:1", "FLOTILLA_TICK", "of no concern");
    CommandRun run = run("router", "--listen", "0.0.0.0:7009", "--print-config");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll("\\s+", " ")))
        .contains("join: a:1 # FLOTILLA_JOIN", "listen: 0.0.0.0:7009 # --listen")
        .hasSize(Program.ROUTER.settings().size());
  }

  @Test
  void router_tellsThatItIsReadyAndStops() {
    CommandRun run = run("router", "--join", "a:1,b:1", "--listen", "127.0.0.1:7009");
    assertThat(run.exitCode()).as("%s", run).isZero();
    assertThat(run.out()).isEqualTo("router is ready, listens at 127.0.0.1:7009\n");
    assertThat(started.get(0).network().join()).hasSize(2);
  }

  private CommandRun run(String... arguments) {
    return CommandRun.with(environment, this::tool, arguments);
  }

  private CommandLineTool tool(Terminal terminal) {
    return new CommandLineTool(terminal)
        .add(new RouterCommand(terminal, 2, this::start, (name, stop) -> {}).commandLine());
  }

  /** A router that is ready, and ends as soon as it has said so. */
  private RunningServer start(ServerConfig config) {
    started.add(config);
    CompletableFuture<Void> end = new CompletableFuture<>();
    CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
    end.completeOnTimeout(null, 50, TimeUnit.MILLISECONDS);
    return new RunningServer(ready, end, () -> stopped.complete(null), changed -> {});
  }
}
