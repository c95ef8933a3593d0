package io.flotilla.shard.kv;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.SessionResult;
import io.flotilla.internal.v1.SessionRow;
import io.flotilla.raft.Payload;
import io.flotilla.storage.ReplicaState;
import io.flotilla.storage.Table;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The answers already given to the writes of client sessions in one shard (thesis 6.3): a write
 * that comes again is answered again and not executed again.
 *
 * <p>A session begins with its first write. When there are too many, the one whose last write is
 * the longest ago in the log is evicted, and the time in its id is remembered: a session that is
 * unknown and not younger than any evicted one may be one of those, and is refused. So a retry from
 * an evicted session fails; it is never executed a second time. All of it depends on the log alone.
 *
 * <p>So the table also knows what became of a write. A question about one that is not here puts a
 * refusal in the place of its answer: that the write was not executed stays true.
 *
 * <p>Kept in memory; rows are written for changed sessions before each flush, so the durable table
 * is that of the durable applied index.
 */
final class SessionTable {
  static final int MAX_RESULTS_PER_SESSION = 1_024;
  static final long MAX_RESULT_BYTES = 16L << 20;

  /** Lower bits of a session id that are random; the others are the time it began. */
  private static final int RANDOM_BITS = 22;

  private static final int RESULT_OVERHEAD_BYTES = 64;

  private static final class Session {
    final TreeMap<Long, Reply> results = new TreeMap<>();
    long resultBytes;
    long acknowledged;
    long lastUsedRevision;

    /** Whether there is no room for an answer, even without those acknowledged up to here. */
    boolean isFullWithout(long acknowledgedNow) {
      if (results.size() < MAX_RESULTS_PER_SESSION && resultBytes < MAX_RESULT_BYTES) {
        return false;
      }
      Map<Long, Reply> kept = results.tailMap(acknowledgedNow, false);
      return kept.size() >= MAX_RESULTS_PER_SESSION || cost(kept) >= MAX_RESULT_BYTES;
    }
  }

  private final long shardId;
  private final ReplicaState rows;
  private final int maxSessions;
  private final LinkedHashMap<Long, Session> sessions = new LinkedHashMap<>();
  private final TreeSet<Long> changed = new TreeSet<>();
  private long resultBytes;
  private long evictedMillis;

  /** Reads the table as it was flushed. */
  SessionTable(long shardId, ReplicaState rows, long evictedMillis, int maxSessions) {
    this.shardId = shardId;
    this.rows = rows;
    this.maxSessions = maxSessions;
    this.evictedMillis = evictedMillis;
    load();
  }

  private void load() {
    record Stored(long id, SessionRow row) {}
    List<Stored> stored = new ArrayList<>();
    rows.scan(
        KeySpace.sessions(shardId),
        false,
        (key, value) -> stored.add(new Stored(KeySpace.sessionId(key), parse(value))));
    stored.sort(
        (a, b) -> Long.compare(a.row().getLastUsedRevision(), b.row().getLastUsedRevision()));
    for (Stored s : stored) {
      Session session = new Session();
      session.acknowledged = s.row().getAcknowledgedSequence();
      session.lastUsedRevision = s.row().getLastUsedRevision();
      for (SessionResult result : s.row().getResultsList()) {
        remember(session, result.getSequence(), result.getReply());
      }
      sessions.put(s.id(), session);
    }
  }

  private static SessionRow parse(Payload value) {
    try {
      return SessionRow.parseFrom(value.asReadOnlyByteBuffer());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a session row cannot be read", e);
    }
  }

  int size() {
    return sessions.size();
  }

  long evictedMillis() {
    return evictedMillis;
  }

  /** The milliseconds since 1970 at which the session says it began. */
  static long beganMillis(long sessionId) {
    return sessionId >>> RANDOM_BITS;
  }

  /**
   * The answer to a write that must not be executed: the first answer if it was executed before, or
   * a refusal. Null if it is to be executed. A question about a write finds room where the writes
   * that made the session full do not.
   */
  @Nullable Reply answerWithoutExecuting(Command command) {
    if (command.getSessionId() == 0) {
      return null;
    }
    boolean settles = command.hasSettleWrite();
    Session session = sessions.get(command.getSessionId());
    if (session == null) {
      boolean evicted = beganMillis(command.getSessionId()) <= evictedMillis;
      return evicted ? (settles ? Settlements.FORGOTTEN : evicted()) : null;
    }
    Reply first = session.results.get(command.getSequence());
    if (first != null) {
      boolean late = !settles && first.hasSettleWrite();
      return settles ? Settlements.of(first) : late ? Settlements.tooLate() : first;
    }
    if (command.getSequence() <= session.acknowledged) {
      return settles ? Settlements.FORGOTTEN : acknowledged(command.getSequence());
    }
    boolean full =
        settles
            ? session.results.size() >= 2 * MAX_RESULTS_PER_SESSION
            : session.isFullWithout(command.getAcknowledgedSequence());
    if (full) {
      return Failures.notApplied(
          ErrorCode.ERROR_CODE_OVERLOADED,
          "the session has "
              + session.results.size()
              + " answers of "
              + session.resultBytes
              + " bytes that are not acknowledged");
    }
    return null;
  }

  private Reply evicted() {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_SESSION_EXPIRED,
        "the session may have been evicted from shard "
            + shardId
            + ": open a new one; a write that was tried before may have been applied");
  }

  private static Reply acknowledged(long sequence) {
    return Failures.rejected(
        ErrorCode.ERROR_CODE_SESSION_EXPIRED,
        "sequence " + sequence + " was acknowledged by the client before");
  }

  /** The write was executed. */
  void executed(Command command, Reply reply, long revision) {
    long id = command.getSessionId();
    if (id == 0) {
      return;
    }
    // Taken out and put in again: the map's order is that of the last writes in the log.
    Session known = sessions.remove(id);
    Session session = known == null ? new Session() : known;
    sessions.put(id, session);
    session.lastUsedRevision = revision;
    remember(session, command.getSequence(), reply);
    if (command.getAcknowledgedSequence() > session.acknowledged) {
      session.acknowledged = command.getAcknowledgedSequence();
      forget(session, session.results.headMap(session.acknowledged, true));
    }
    changed.add(id);
    while (sessions.size() > maxSessions
        || (resultBytes > MAX_RESULT_BYTES && sessions.size() > 1)) {
      evictOldest();
    }
  }

  private void remember(Session session, long sequence, Reply reply) {
    session.results.put(sequence, reply);
    session.resultBytes += cost(reply);
    resultBytes += cost(reply);
  }

  private void forget(Session session, Map<Long, Reply> results) {
    long bytes = cost(results);
    session.resultBytes -= bytes;
    resultBytes -= bytes;
    results.clear();
  }

  private void evictOldest() {
    Iterator<Map.Entry<Long, Session>> oldest = sessions.entrySet().iterator();
    Map.Entry<Long, Session> victim = oldest.next();
    evictedMillis = Math.max(evictedMillis, beganMillis(victim.getKey()));
    forget(victim.getValue(), victim.getValue().results);
    changed.add(victim.getKey());
    oldest.remove();
  }

  private static long cost(Map<Long, Reply> results) {
    return results.values().stream().mapToLong(SessionTable::cost).sum();
  }

  private static long cost(Reply reply) {
    return reply.getSerializedSize() + (long) RESULT_OVERHEAD_BYTES;
  }

  /** Writes the rows of the sessions that changed since the last call. */
  void saveToRows() {
    for (long id : changed) {
      Payload key = KeySpace.sessionRow(shardId, id);
      Session session = sessions.get(id);
      if (session == null) {
        rows.delete(Table.SESSIONS, key);
      } else {
        rows.put(Table.SESSIONS, key, encode(session));
      }
    }
    changed.clear();
  }

  /** Writes all sessions under the child's id too: a retry may come to either half (M12). */
  void copyTo(long childShardId) {
    for (Map.Entry<Long, Session> entry : sessions.entrySet()) {
      rows.put(
          Table.SESSIONS,
          KeySpace.sessionRow(childShardId, entry.getKey()),
          encode(entry.getValue()));
    }
  }

  private static Payload encode(Session session) {
    SessionRow.Builder row =
        SessionRow.newBuilder()
            .setAcknowledgedSequence(session.acknowledged)
            .setLastUsedRevision(session.lastUsedRevision);
    for (Map.Entry<Long, Reply> result : session.results.entrySet()) {
      row.addResults(
          SessionResult.newBuilder().setSequence(result.getKey()).setReply(result.getValue()));
    }
    return Payload.of(row.build().toByteArray());
  }
}
