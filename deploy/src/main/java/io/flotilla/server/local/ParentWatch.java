package io.flotilla.server.local;

import java.io.IOException;
import java.io.InputStream;

/** Tells a child process that its parent is gone or wants it to stop: its standard input ends. */
public final class ParentWatch {
  /** Flag of the server command that switches it on. */
  public static final String FLAG = "--parent-watch";

  private ParentWatch() {}

  /** Runs the action once the stream ends. The kernel ends it also for a parent that was killed. */
  public static void start(InputStream in, Runnable whenEnded) {
    Thread watch =
        new Thread(
            () -> {
              drain(in);
              whenEnded.run();
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void drain(InputStream in) {
    byte[] ignored = new byte[256];
    try {
      while (in.read(ignored) >= 0) {
        // Nothing is said on this stream; only its end matters.
      }
    } catch (IOException e) {
      // A stream that cannot be read any more has ended, too.
    }
  }
}
