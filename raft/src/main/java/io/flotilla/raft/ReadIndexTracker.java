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

  private final int maxWaiting;
  private final int horizonTicks;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private long lastRound;
  private boolean open;
  private long confirmedTick = Long.MIN_VALUE;

  /**
   * Nothing is known yet.
   *
   * @param maxWaiting bound on the reads that wait
   * @param horizonTicks when a round left is of no interest after so many ticks
   */
  ReadIndexTracker(int maxWaiting, int horizonTicks) {
    this.maxWaiting = maxWaiting;
    this.horizonTicks = horizonTicks;
  }

  /** Whether no more reads are taken. */
  boolean isFull() {
    return waiting.size() >= maxWaiting;
  }

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
    Invariants.check(!isFull(), "more reads than may wait", waiting.size(), maxWaiting);
    open();
    waiting.addLast(new Waiting(lastRound, from, context, index));
  }

  /** The open round leaves. */
  void markSent(long tick) {
    open = false;
    while (!sent.isEmpty() && sent.peekFirst().tick() < tick - horizonTicks) {
      sent.removeFirst();
    }
    // Of the rounds of one tick the first is confirmed first: the others tell nothing more.
    if (sent.isEmpty() || sent.peekLast().tick() != tick) {
      sent.addLast(new Sent(lastRound, tick));
    }
  }

  /** Rounds that left and are not confirmed, at most one per tick. */
  int sentCount() {
    return sent.size();
  }

  /** What was confirmed counts no more; what is confirmed from now on does. */
  void forgetConfirmed() {
    confirmedTick = Long.MIN_VALUE;
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
