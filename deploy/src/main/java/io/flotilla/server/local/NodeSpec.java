package io.flotilla.server.local;

import io.flotilla.cli.HostPort;
import io.flotilla.server.config.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a node is told.
 *
 * @param name for people, and of its directory and log
 * @param address it listens at
 * @param directory that holds its store and its log
 * @param join as in {@link Setting#JOIN}
 * @param settings further ones
 */
public record NodeSpec(
    String name,
    HostPort address,
    Path directory,
    List<HostPort> join,
    Map<Setting, String> settings) {

  /** The store. */
  public Path data() {
    return directory.resolve(name);
  }

  /** What the process writes. */
  public Path log() {
    return directory.resolve(name + ".log");
  }

  /** The {@code flotilla server} command. */
  List<String> arguments() {
    Map<Setting, String> all = new EnumMap<>(Setting.class);
    all.put(Setting.DATA, data().toString());
    all.put(Setting.LISTEN, address.toString());
    all.put(Setting.HTTP_LISTEN, "off"); // a port above a chance one may be in use
    if (!join.isEmpty()) {
      all.put(Setting.JOIN, join.stream().map(HostPort::toString).collect(Collectors.joining(",")));
    }
    all.putAll(settings);
    List<String> words = new ArrayList<>(List.of("server", ParentWatch.FLAG));
    all.forEach(
        (setting, text) -> {
          words.add("--" + setting.key());
          words.add(text);
        });
    return words;
  }
}
