package io.flotilla.server.config;

import java.util.List;

/** Settings that cannot be used; names every mistake, not only the first. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line for each mistake: where it stands, the key, the value and what is wanted. */
  public List<String> problems() {
    return problems;
  }
}
