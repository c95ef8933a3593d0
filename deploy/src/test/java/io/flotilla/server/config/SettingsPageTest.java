package io.flotilla.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
  private static final Path ROOT = root();

  @Test
  void page_isWhatTheCodeSays() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("docs/configuration.md")))
        .as("renew it: flotilla server --print-settings > docs/configuration.md")
        .isEqualTo(SettingsPage.lines());
  }

  /** Each setting stands there once, with its default or an example, as a comment or not. */
  @Test
  void example_namesEverySettingAndHolds() throws IOException {
    Path example = ROOT.resolve("deploy/config/server.yaml");
    List<String> lines =
        Files.readAllLines(example).stream().map(line -> line.replaceFirst("^#(?! )", "")).toList();
    for (Setting setting : Setting.values()) {
      assertThat(lines)
          .as(setting.key())
          .filteredOn(line -> line.startsWith(setting.key() + ":"))
          .hasSize(1);
    }
    ConfigReader.Result asItIs = read(example);
    assertThat(asItIs.warnings()).isEmpty();

    Path all = Files.createTempFile("server", ".yaml");
    Files.write(all, lines);
    ConfigReader.Result allOfIt = read(all);
    for (Setting setting : Setting.values()) {
      if (!setting.defaultText().isEmpty() && setting != Setting.LISTEN) {
        assertThat(setting.kind().parse(String.valueOf(allOfIt.values().get(setting))))
            .as("what the example says of " + setting.key())
            .isEqualTo(setting.kind().parse(setting.defaultText()));
      }
    }
    Files.delete(all);
  }

  private static ConfigReader.Result read(Path file) {
    return ConfigReader.read(Program.SERVER, Map.of(), Map.of(), Optional.of(file), 2);
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize();
  }
}
