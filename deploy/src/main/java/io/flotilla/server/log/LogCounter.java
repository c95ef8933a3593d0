package io.flotilla.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

/** Tells of warnings and errors, and writes nothing. */
final class LogCounter extends AppenderBase<ILoggingEvent> {
  private final Runnable warning;
  private final Runnable error;

  LogCounter(Runnable warning, Runnable error) {
    this.warning = warning;
    this.error = error;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getLevel() == Level.WARN) {
      warning.run();
    } else if (event.getLevel() == Level.ERROR) {
      error.run();
    }
  }
}
