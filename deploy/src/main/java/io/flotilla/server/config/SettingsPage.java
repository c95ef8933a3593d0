package io.flotilla.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reference of the settings, as {@code flotilla server --print-settings} prints it. */
public final class SettingsPage {
  private static final List<String> BEGINNING =
      List.of(
          "# Configuration",
          "",
          "A server is told what to do by flags, variables and a YAML file (`--config FILE`). A flag",
          "wins over a variable, a variable over the file, the file over the default. Each setting has",
          "one name in all three: `--journal-size 32GiB`, `FLOTILLA_JOURNAL_SIZE=32GiB`,",
          "`journal-size: 32GiB`. An empty variable says nothing. A list is `a,b` or a YAML list.",
          "",
          "`flotilla server --print-config` shows what would hold and where each value comes from.",
          "All mistakes are told at once, and a server with a mistake does not start (exit code 2).",
          "A variable that begins with `FLOTILLA_` and is no setting is warned of.",
          "[server.yaml](../deploy/config/server.yaml) is a file to begin with.",
          "",
          "TIME is a number with `ms`, `s`, `m` or `h`; SIZE a number of bytes or one with `KiB`, `MiB`,",
          "`GiB` or `TiB`; RATE a SIZE that passes in a second.",
          "",
          "**Without a restart.** A running server looks at its file every two seconds, and at once on",
          "SIGHUP. When the content has changed it checks all of it; a file with a mistake changes",
          "nothing. Settings with *yes* in the last column take their new values; others are named in",
          "the log and keep the old ones until a restart. A ConfigMap that is mounted as a directory",
          "works, too. What a flag or a variable says stays, whatever the file says.",
          "`flotilla_config_reloads_total` counts, and the log says what changed.",
          "",
          "This page is made from the code: `flotilla server --print-settings > docs/configuration.md`.");

  private SettingsPage() {}

  /** The page as Markdown, a line each. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>(BEGINNING);
    for (Setting.Group group : Setting.Group.values()) {
      lines.add("");
      lines.add("## " + group.title());
      lines.add("");
      lines.add("| setting | value | default | bounds | what it is | without restart |");
      lines.add("|---|---|---|---|---|---|");
      Arrays.stream(Setting.values())
          .filter(setting -> setting.group() == group)
          .map(SettingsPage::row)
          .forEach(lines::add);
    }
    return List.copyOf(lines);
  }

  private static String row(Setting setting) {
    return "| %s |"
        .formatted(
            String.join(
                " | ",
                "`" + setting.key() + "`",
                setting.form().replace("|", "\\|"),
                setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`",
                setting.bounds(),
                setting.description(),
                setting.reloadable() ? "yes" : ""));
  }
}
