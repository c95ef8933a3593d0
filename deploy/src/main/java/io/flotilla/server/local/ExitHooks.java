package io.flotilla.server.local;

/** Where to leave what is to be done when the process is told to end. */
@FunctionalInterface
public interface ExitHooks {
  /** The shutdown hooks of this JVM. */
  ExitHooks JVM = (name, action) -> Runtime.getRuntime().addShutdownHook(new Thread(action, name));

  /** Adds an action; it must be safe to run after the work has ended by itself. */
  void add(String name, Runnable action);
}
