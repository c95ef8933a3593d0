package io.flotilla.sim.invariants;

import io.flotilla.internal.v1.Command;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The sessions of one shard as the committed entries must have left them. */
final class ModelSessions {
  private static final int RANDOM_BITS = 22;

  private static final class Session {
    private final long id;
    private final TreeMap<Long, Long> results = new TreeMap<>();
    private long acknowledged;
    private long lastUsed;

    Session(long id) {
      this.id = id;
    }

    Session copy() {
      Session copy = new Session(id);
      copy.results.putAll(results);
      copy.acknowledged = acknowledged;
      copy.lastUsed = lastUsed;
      return copy;
    }

    long mark() {
      long sum = 0;
      for (long result : results.values()) {
        sum += result;
      }
      return Marks.session(id, acknowledged, lastUsed, sum);
    }
  }

  private final int maxSessions;
  private final Map<Long, Session> sessions = new HashMap<>();
  private long evictedMillis = -1;

  ModelSessions(int maxSessions) {
    this.maxSessions = maxSessions;
  }

  /** Whether the write must not be executed: it was answered, or may have been and is forgotten. */
  boolean refuse(Command command) {
    long id = command.getSessionId();
    if (id == 0) {
      return false;
    }
    Session session = sessions.get(id);
    return session == null
        ? id >>> RANDOM_BITS <= evictedMillis
        : session.results.containsKey(command.getSequence())
            || command.getSequence() <= session.acknowledged;
  }

  /**
   * The write was executed.
   *
   * @return by how much the mark of all sessions changes
   */
  long executed(Command command, long result, long revision) {
    Session session = sessions.get(command.getSessionId());
    long change = 0;
    if (session == null) {
      session = new Session(command.getSessionId());
      sessions.put(session.id, session);
    } else {
      change -= session.mark();
    }
    session.lastUsed = revision;
    session.results.put(
        command.getSequence(), Marks.mix(Marks.mix(command.getSequence()) + result));
    if (command.getAcknowledgedSequence() > session.acknowledged) {
      session.acknowledged = command.getAcknowledgedSequence();
      session.results.headMap(session.acknowledged, true).clear();
    }
    return change + session.mark() - evict();
  }

  private long evict() {
    if (sessions.size() <= maxSessions) {
      return 0;
    }
    Session oldest =
        sessions.values().stream().min(Comparator.comparingLong(s -> s.lastUsed)).orElseThrow();
    sessions.remove(oldest.id);
    evictedMillis = Math.max(evictedMillis, oldest.id >>> RANDOM_BITS);
    return oldest.mark();
  }

  /**
   * All are known to a half of the shard, too.
   *
   * @return their mark
   */
  long copyTo(ModelSessions half) {
    half.evictedMillis = evictedMillis;
    long mark = 0;
    for (Session session : sessions.values()) {
      half.sessions.put(session.id, session.copy());
      mark += session.mark();
    }
    return mark;
  }
}
