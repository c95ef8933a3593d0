package io.flotilla.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Iterator;
import java.util.Optional;
import java.util.logging.LogManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets levels and the form of the log, for commands and for servers. */
public final class LogSetup {
  private static final String JSON = "json";

  private LogSetup() {}

  /** Nothing below ERROR: the terminal belongs to the command. */
  public static void forCommands() {
    bridge();
    set(Logger.ROOT_LOGGER_NAME, Level.ERROR);
  }

  /**
   * For a server.
   *
   * @param level from which on events are logged
   * @param format {@code text} or {@code json}
   */
  public static void forServer(String level, String format) {
    bridge();
    level(level);
    root().ifPresent(root -> format(root, format));
  }

  /** From the level on; of the network library only what someone should look at. */
  public static void level(String level) {
    Level wanted = Level.toLevel(level);
    set(Logger.ROOT_LOGGER_NAME, wanted);
    set("io.grpc", wanted.isGreaterOrEqual(Level.WARN) ? wanted : Level.WARN);
    set("flotilla.audit", Level.INFO); // what operators did is no matter of the level
  }

  /** Warnings and errors are counted from now on. */
  public static void count(Runnable warning, Runnable error) {
    root()
        .ifPresent(
            root -> {
              LogCounter counter = new LogCounter(warning, error);
              counter.setContext(root.getLoggerContext());
              counter.start();
              root.addAppender(counter);
            });
  }

  private static void format(ch.qos.logback.classic.Logger root, String format) {
    if (!format.equals(JSON)) {
      return; // as logback.xml says
    }
    LoggerContext context = root.getLoggerContext();
    for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
      if (all.next() instanceof ConsoleAppender<ILoggingEvent> console) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.start();
        console.stop();
        console.setEncoder(encoder);
        console.start();
      }
    }
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

  private static Optional<ch.qos.logback.classic.Logger> root() {
    return LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
            instanceof ch.qos.logback.classic.Logger root
        ? Optional.of(root)
        : Optional.empty();
  }
}
