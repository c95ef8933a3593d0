package io.flotilla.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("bin/flotilla");

  @ParameterizedTest
  @ValueSource(strings = {"flotilla", "simulate", "chaos"})
  void launcher_isAPlainShellScriptThatCanBeRun(String name) throws Exception {
    Path launcher = LAUNCHER.resolveSibling(name);
    assertThat(Files.isExecutable(launcher)).isTrue();
    assertThat(Files.readAllLines(launcher)).first().isEqualTo("#!/bin/sh");
    Process check =
        new ProcessBuilder("sh", "-n", launcher.toString()).redirectErrorStream(true).start();
    String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(output).isEmpty();
    assertThat(check.exitValue()).isZero();
  }

  @Test
  void launcher_explainsAMissingJava() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", LAUNCHER.toString(), "version").redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", "/no/such/place");
    Process run = builder.start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(run.exitValue()).isEqualTo(1);
    assertThat(output).contains("has no bin/java").contains("Java 17 or newer is needed");
  }
}
