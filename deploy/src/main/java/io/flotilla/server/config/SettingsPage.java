package io.flotilla.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The reference of the settings, as {@code flotilla server --print-settings} prints it. */
public final class SettingsPage {
  private static final String BEGINNING = "settings.md";

  private SettingsPage() {}

  /** The page as Markdown, a line each. */
  public static List<String> lines() {
    List<String> lines = new ArrayList<>(Resource.lines(SettingsPage.class, BEGINNING));
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
