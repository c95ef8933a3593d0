package io.flotilla.server.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What reads settings, and which of them concern it. */
public enum Program {
  /** A node. */
  SERVER("server", Setting.DATA, EnumSet.allOf(Setting.class), Map.of()),

  /** A server without a store. */
  ROUTER(
      "router",
      Setting.JOIN,
      EnumSet.of(
          Setting.LISTEN,
          Setting.ADVERTISE,
          Setting.JOIN,
          Setting.REQUEST_THREADS,
          Setting.SHUTDOWN_GRACE,
          Setting.HTTP_LISTEN,
          Setting.LOG_LEVEL,
          Setting.LOG_FORMAT,
          Setting.SLOW_REQUEST),
      Map.of(
          Setting.LISTEN,
          "Where clients connect.",
          Setting.ADVERTISE,
          "Address of this router, or of all routers together, for clients that can reach no node:"
              + " the route map they get leads here. Not set: it leads to the nodes.",
          Setting.JOIN,
          "Nodes of the cluster, some or all of them; the others are found from there. Required."));

  private final String command;
  private final Setting required;
  private final Set<Setting> settings;
  private final Map<Setting, String> descriptions;

  Program(
      String command, Setting required, Set<Setting> settings, Map<Setting, String> descriptions) {
    this.command = command;
    this.required = required;
    this.settings = Collections.unmodifiableSet(settings);
    this.descriptions = new EnumMap<>(Setting.class);
    Arrays.stream(Setting.values())
        .forEach(s -> this.descriptions.put(s, descriptions.getOrDefault(s, s.description())));
  }

  /** The subcommand of {@code flotilla} that runs it. */
  public String command() {
    return command;
  }

  /** What it can be told, in the order in which it is shown. */
  public Set<Setting> settings() {
    return settings;
  }

  /** What it cannot do without. */
  Setting required() {
    return required;
  }

  /** One sentence with the bounds. */
  public String description(Setting setting) {
    return descriptions.getOrDefault(setting, setting.description());
  }
}
