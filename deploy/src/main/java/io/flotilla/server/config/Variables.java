package io.flotilla.server.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Variables of the environment that look like settings and are none. */
final class Variables {
  private static final String PREFIX = "FLOTILLA_";

  /** Of the launcher and of the commands for clients. */
  private static final Set<String> OTHERS =
      Set.of(
          "FLOTILLA_ENDPOINTS",
          "FLOTILLA_CA",
          "FLOTILLA_CERTIFICATE",
          "FLOTILLA_KEY",
          "FLOTILLA_TOKEN_FILE",
          "FLOTILLA_JAVA_OPTS",
          "FLOTILLA_COMMAND");

  /** What Kubernetes tells every container of a service that is called flotilla-something. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("FLOTILLA_.*(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_\\d+_.*)");

  private Variables() {}

  /** A warning for each, in order of their names. */
  static List<String> unknown(Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(PREFIX) && !OTHERS.contains(name))
        .filter(name -> Arrays.stream(Setting.values()).noneMatch(s -> s.variable().equals(name)))
        .filter(name -> !SERVICE_LINK.matcher(name).matches())
        .sorted()
        .map(name -> name + ": there is no such setting" + similar(name))
        .toList();
  }

  private static String similar(String name) {
    String key = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    return Similar.to(key, Setting::variable);
  }
}
