package io.flotilla.server;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** Looks for new settings every two seconds, and at once when the process gets a SIGHUP. */
final class ReloadThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadThread.class);
  private static final long PAUSE_SECONDS = 2;

  private final Semaphore asked = new Semaphore(0);
  private final Thread thread;

  private ReloadThread(Runnable look) {
    this.thread = new Thread(() -> run(look), "config-watch");
    thread.setDaemon(true);
  }

  static ReloadThread start(Runnable look) {
    ReloadThread watch = new ReloadThread(look);
    try {
      Signal.handle(new Signal("HUP"), signal -> watch.asked.release());
    } catch (IllegalArgumentException e) {
      LOG.debug("SIGHUP is not to be had here", e); // the JVM runs with -Xrs
    }
    watch.thread.start();
    return watch;
  }

  private void run(Runnable look) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        boolean unused = asked.tryAcquire(PAUSE_SECONDS, TimeUnit.SECONDS);
        asked.drainPermits();
        look.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
