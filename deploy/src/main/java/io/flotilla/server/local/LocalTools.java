package io.flotilla.server.local;

import io.flotilla.cli.Terminal;

/**
 * What the commands that start nodes need of the world.
 *
 * @param terminal streams, environment and clock
 * @param java starts children
 * @param pause waits
 * @param hooks run when the process is told to end
 */
public record LocalTools(Terminal terminal, JavaCommand java, Pause pause, ExitHooks hooks) {
  /** Waits with the terminal's clock. */
  public Poll poll() {
    return new Poll(terminal::nanos, pause);
  }
}
