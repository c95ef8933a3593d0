package io.flotilla.client;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Numbers writes so that servers recognise a retry: (session, sequence), and up to which sequence
 * all writes of the session have ended.
 *
 * <p>A shard keeps at most 1,024 answers of a session that are not acknowledged. So a session hands
 * out a sequence only while it is less than that ahead of the oldest write that is still open; when
 * one slow write holds a session back, the following writes get another session. There are never
 * more sessions in use than writes under way, which the client bounds by their bytes.
 *
 * <p>Thread-safe; the lock is held for moments.
 */
final class Sessions {
  /** Sequences from the oldest open write on; not more than a shard keeps answers of a session. */
  static final int WINDOW = 1_024;

  /** Sessions kept for later; those beyond are left to the servers to forget. */
  private static final int MAX_READY = 16;

  /** Lower bits of a session id that are random; the others are the time it began. */
  private static final int RANDOM_BITS = 22;

  private final LongSupplier wallMillis;
  private final RandomGenerator random;

  /** Sessions with room, the one to use first. */
  private final ArrayDeque<Session> ready = new ArrayDeque<>();

  private long lastBegan;

  /**
   * No session yet: the first write begins one.
   *
   * @param wallMillis milliseconds since 1970
   */
  Sessions(LongSupplier wallMillis, RandomGenerator random) {
    this.wallMillis = wallMillis;
    this.random = random;
  }

  private static final class Session {
    final long id;

    /** Which sequences from {@code oldestOpen} on have ended, by their place in a ring. */
    final BitSet ended = new BitSet(WINDOW);

    long next = 1;
    long oldestOpen = 1;
    boolean retired;

    Session(long id) {
      this.id = id;
    }

    boolean hasRoom() {
      return next - oldestOpen < WINDOW;
    }

    void end(long sequence) {
      ended.set(place(sequence));
      while (oldestOpen < next && ended.get(place(oldestOpen))) {
        ended.clear(place(oldestOpen));
        oldestOpen++;
      }
    }

    private static int place(long sequence) {
      return (int) (sequence % WINDOW);
    }
  }

  /** The number of one write, the same for all its retries. */
  static final class Ticket {
    private final Session session;
    private final long sequence;
    private final long acknowledged;

    private Ticket(Session session, long sequence, long acknowledged) {
      this.session = session;
      this.sequence = sequence;
      this.acknowledged = acknowledged;
    }

    long sessionId() {
      return session.id;
    }

    long sequence() {
      return sequence;
    }

    /** All sequences up to this one have ended; 0: none. */
    long acknowledged() {
      return acknowledged;
    }
  }

  /** Numbers a new write, which must be ended, or its session retired. */
  synchronized Ticket begin() {
    Session session = ready.peekFirst();
    if (session == null) {
      session = new Session(newId());
      ready.addFirst(session);
    }
    long sequence = session.next++;
    if (!session.hasRoom()) {
      ready.removeFirst();
    }
    return new Ticket(session, sequence, session.oldestOpen - 1);
  }

  /** The write has ended: it will not be sent again, nor asked about. */
  synchronized void end(Ticket ticket) {
    Session session = ticket.session;
    boolean hadRoom = session.hasRoom();
    session.end(ticket.sequence);
    if (!hadRoom && session.hasRoom() && !session.retired && ready.size() < MAX_READY) {
      ready.addLast(session);
    }
  }

  /**
   * The session of the write takes no more writes: a server has forgotten it, or the write, which
   * then is not ended, may be asked about. What would follow it in the session could not be
   * acknowledged, and its answers would fill the session; and nothing is to be remembered here.
   */
  synchronized void retire(Ticket ticket) {
    ticket.session.retired = true;
    ready.remove(ticket.session);
  }

  private long newId() {
    // Not before the last one: a server that forgot that one refuses all that are older.
    lastBegan = Math.max(wallMillis.getAsLong(), lastBegan + 1);
    return (lastBegan << RANDOM_BITS) | random.nextLong(1L << RANDOM_BITS);
  }
}
