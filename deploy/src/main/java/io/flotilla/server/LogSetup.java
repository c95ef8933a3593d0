package io.flotilla.server;

import ch.qos.logback.classic.Level;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is logged, to standard error, one line an event. */
final class LogSetup {
  private LogSetup() {}

  /** Nothing below ERROR: the terminal belongs to the command. */
  static void forCommands() {
    bridge();
    set(Logger.ROOT_LOGGER_NAME, Level.ERROR);
  }

  /** From the level on; of the network library only what someone should look at. */
  static void forServer(String level) {
    bridge();
    Level wanted = Level.toLevel(level);
    set(Logger.ROOT_LOGGER_NAME, wanted);
    set("io.grpc", wanted.isGreaterOrEqual(Level.WARN) ? wanted : Level.WARN);
  }

  /** gRPC logs to java.util.logging, which by itself prints two lines an event. */
  private static void bridge() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger.getLogger("").addHandler(new LogBridge());
  }

  private static void set(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof ch.qos.logback.classic.Logger logger) {
      logger.setLevel(level);
    }
  }
}
