package io.flotilla.router.access;

import java.util.Map;

/** Hears of what operators do, and of what they may not. Thread-safe; must not wait for long. */
@FunctionalInterface
public interface AuditLog {
  /**
   * One thing that somebody did or wanted to do.
   *
   * @param who principal
   * @param from address of the caller
   * @param what kind of request
   * @param arguments of it, by name
   * @param outcome {@code ok}, or the code of the error
   * @param problem message of the error; empty: none
   */
  record Event(
      String who,
      String from,
      String what,
      Map<String, String> arguments,
      String outcome,
      String problem) {}

  /** Keeps it. */
  void record(Event event);
}
