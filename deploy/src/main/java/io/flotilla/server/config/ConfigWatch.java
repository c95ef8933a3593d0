package io.flotilla.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the settings' file has other content, and brings what may change without a restart
 * to the running server. It looks at the content and not at times or names, because a mounted
 * ConfigMap is swapped by a symbolic link two directories up. One thread at a time.
 */
public final class ConfigWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  private final Path file;
  private final Supplier<ConfigReader.Result> reader;
  private final Consumer<Optional<ServerConfig>> taker;
  private final Map<Setting, String> running;
  private byte[] content;

  /**
   * A watch that has seen the file as it is.
   *
   * @param reader reads all sources again, or throws {@link ConfigException}
   * @param started what the server runs with
   * @param taker gets the new settings, in which it is to ignore what needs a restart; empty: the
   *     file has a mistake
   */
  public ConfigWatch(
      Path file,
      Supplier<ConfigReader.Result> reader,
      ConfigReader.Result started,
      Consumer<Optional<ServerConfig>> taker) {
    this.file = file;
    this.reader = reader;
    this.taker = taker;
    this.running = new EnumMap<>(started.values());
    this.content = read(new byte[0]);
  }

  /** Looks once; a file that is gone or has a mistake changes nothing. */
  public synchronized void look() {
    byte[] now = read(content);
    if (Arrays.equals(now, content)) {
      return;
    }
    content = now;
    ConfigReader.Result found;
    try {
      found = reader.get();
    } catch (ConfigException e) {
      e.problems().forEach(problem -> LOG.error("{} is not taken: {}", file, problem));
      taker.accept(Optional.empty());
      return;
    }
    found.warnings().forEach(LOG::warn);
    take(found);
  }

  private byte[] read(byte[] otherwise) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return otherwise; // half-way through a swap, perhaps
    }
  }

  private void take(ConfigReader.Result found) {
    List<String> changed = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      String before = running.getOrDefault(setting, "");
      String now = found.values().getOrDefault(setting, "");
      if (before.equals(now)) {
        continue;
      }
      if (setting.reloadable()) {
        running.put(setting, now);
        changed.add(setting.key() + ": " + now);
      } else {
        LOG.warn("{}: {} needs a restart; it stays {}", file, setting.key(), shown(before));
      }
    }
    taker.accept(Optional.of(found.config()));
    if (!changed.isEmpty()) {
      LOG.info("{} has changed, from now on: {}", file, String.join(", ", changed));
    }
  }

  private static String shown(String text) {
    return text.isEmpty() ? "as it is" : "'" + text + "'";
  }
}
