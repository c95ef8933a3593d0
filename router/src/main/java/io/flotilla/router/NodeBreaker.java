package io.flotilla.router;

/**
 * Whether calls may go to one node (M. Nygard, Release It!, 2007, "Circuit Breaker").
 *
 * <p>Closed: all calls go. Open, after so many failures in a row: none goes until a jittered pause
 * is over. Then one call goes as a probe, and the others are still kept out, until it is answered
 * (closed), failed (open, for longer) or said nothing for some time (the next one is let through).
 *
 * <p>Any answer closes it, be it an error: what counts is whether the node can be reached. A call
 * that runs out of time says little about a node that answers others meanwhile; so it counts only
 * if nothing at all was heard since it left. Thread-safe; the lock is held for moments.
 */
final class NodeBreaker {
  /** The call may go. */
  static final long GO = 0;

  /** The call may go, and whether the node is asked again depends on it. */
  static final long PROBE = -1;

  private final BreakerConfig config;
  private final Backoff.Jitter jitter;

  private int failures;
  private long lastBreak;

  /** When the first call left that has heard nothing since; valid if {@code waiting}. */
  private long silentSince;

  private boolean waiting;
  private boolean open;
  private int opened;
  private long closedUntil;
  private boolean probing;

  NodeBreaker(BreakerConfig config, Backoff.Jitter jitter) {
    this.config = config;
    this.jitter = jitter;
  }

  /** Asks for a call: {@link #GO}, {@link #PROBE}, or after how many nanoseconds to come back. */
  synchronized long admit(long now) {
    long wait = waitNanos(now);
    if (wait > 0) {
      return wait;
    }
    if (!waiting) {
      waiting = true;
      silentSince = now;
    }
    if (!open) {
      return GO;
    }
    probing = true;
    closedUntil = now + config.silenceNanos();
    return PROBE;
  }

  /** After how many nanoseconds a call would be let through; 0: now. Changes nothing. */
  synchronized long waitNanos(long now) {
    return open ? Math.max(0, closedUntil - now) : 0;
  }

  /** The node said something. */
  synchronized void answered() {
    failures = 0;
    waiting = false;
    open = false;
    probing = false;
    opened = 0;
  }

  /**
   * A call brought no answer.
   *
   * @param began when it left
   * @param broke the node could not be reached or the connection broke; else time ran out
   * @param probe whether the call was a probe
   * @return whether the node is left alone from now on
   */
  synchronized boolean failed(long began, boolean broke, boolean probe, long now) {
    boolean lasted = now - began >= config.silenceNanos();
    if (open) {
      if (!probe || !probing || (!broke && !lasted)) {
        return false;
      }
      pause(now);
      return true;
    }
    if (broke && !lasted) {
      if (failures > 0 && lastBreak - began > 0) {
        // All calls of one connection break together: that is one failure.
        return false;
      }
      lastBreak = now;
    } else if (!waiting || silentSince - began > 0) {
      // It answered somebody since.
      return false;
    }
    failures++;
    boolean silent = waiting && now - silentSince >= config.silenceNanos();
    if (failures < config.failures() || (!broke && !silent)) {
      return false;
    }
    open = true;
    pause(now);
    return true;
  }

  private void pause(long now) {
    probing = false;
    opened++;
    closedUntil = now + config.pauses().delayNanos(opened, jitter);
  }

  /** Since when the node has not answered though it was asked. */
  synchronized long silentSince(long otherwise) {
    return waiting ? silentSince : otherwise;
  }

  synchronized boolean isOpen() {
    return open;
  }

  synchronized int failures() {
    return failures;
  }
}
