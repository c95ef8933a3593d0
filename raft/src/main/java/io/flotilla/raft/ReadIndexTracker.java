package io.flotilla.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait until a quorum confirms that their leader still led after they arrived (thesis
 * 6.4).
 *
 * <p>Rounds are numbered and never used twice (R25). A read joins the round that has not left yet;
 * an answer to round n confirms all rounds up to n, because heartbeat n left after those reads
 * came.
 */
final class ReadIndexTracker {
  /**
   * @param round the round that must be confirmed
   * @param from who asked, the own id for local reads
   * @param index the commit index when the read came
   */
  record Waiting(long round, long from, long context, long index) {}

  private record Sent(long round, long tick) {}

  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private long lastRound;
  private boolean open;
  private long confirmedTick = Long.MIN_VALUE;

  /** The latest round, 0 = none yet. */
  long lastRound() {
    return lastRound;
  }

  /** Whether a round is to be sent. */
  boolean isOpen() {
    return open;
  }

  void open() {
    if (!open) {
      lastRound++;
      open = true;
    }
  }

  void add(long from, long context, long index) {
    open();
    waiting.addLast(new Waiting(lastRound, from, context, index));
  }

  /** The open round leaves. */
  void markSent(long tick) {
    open = false;
    sent.addLast(new Sent(lastRound, tick));
  }

  /** A quorum has answered this round. */
  void confirm(long round) {
    while (!sent.isEmpty() && sent.peekFirst().round() <= round) {
      confirmedTick = sent.removeFirst().tick();
    }
  }

  /** When the latest confirmed round left, in ticks; far in the past if none did. */
  long confirmedTick() {
    return confirmedTick;
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** The next read whose round is confirmed is removed and returned, null if there is none. */
  @Nullable Waiting poll(long confirmedRound) {
    Waiting first = waiting.peekFirst();
    return first != null && first.round() <= confirmedRound ? waiting.removeFirst() : null;
  }
}
