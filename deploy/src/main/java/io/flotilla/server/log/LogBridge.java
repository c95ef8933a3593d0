package io.flotilla.server.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes events of java.util.logging on to SLF4J. */
final class LogBridge extends Handler {
  private final SimpleFormatter messages = new SimpleFormatter();

  @Override
  public void publish(LogRecord event) {
    String name = event.getLoggerName() == null ? "java" : event.getLoggerName();
    Logger logger = LoggerFactory.getLogger(name);
    String message = messages.formatMessage(event);
    int level = event.getLevel().intValue();
    if (level >= Level.SEVERE.intValue()) {
      logger.error(message, event.getThrown());
    } else if (level >= Level.WARNING.intValue()) {
      logger.warn(message, event.getThrown());
    } else if (level >= Level.INFO.intValue()) {
      logger.info(message, event.getThrown());
    } else {
      logger.debug(message, event.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
