package io.flotilla.sim.invariants;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.internal.v1.SessionResult;
import io.flotilla.internal.v1.SessionRow;
import io.flotilla.raft.Payload;
import java.util.HashMap;
import java.util.Map;

/** Numbers that stand for rows. Their sum stands for a state, and is cheap to keep up to date. */
final class Marks {
  private final Map<Payload, Long> sessions = new HashMap<>();

  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  static long row(Payload key, Payload value) {
    return mix(((long) key.hashCode() << 32) ^ value.hashCode());
  }

  static long session(long id, long acknowledged, long lastUsed, long results) {
    return named(id, content(acknowledged, lastUsed, results));
  }

  private static long content(long acknowledged, long lastUsed, long results) {
    return mix(mix(acknowledged) + lastUsed) ^ results;
  }

  private static long named(long id, long content) {
    return mix(mix(id) + content);
  }

  static long result(long sequence, Reply reply) {
    long what =
        switch (reply.getResultCase()) {
          case PUT -> result(1, reply.getPut().getApplied(), reply.getPut().getRevision());
          case DELETE -> result(2, reply.getDelete().getApplied(), reply.getDelete().getRevision());
          case COMPARE_AND_SET ->
              result(
                  3, reply.getCompareAndSet().getApplied(), reply.getCompareAndSet().getRevision());
          case BATCH -> {
            BatchReply batch = reply.getBatch();
            long where = batch.getApplied() ? batch.getRevision() : batch.getFailedCondition();
            yield result(4, batch.getApplied(), where);
          }
          case INCREMENT ->
              result(5, true, reply.getIncrement().getRevision()) + reply.getIncrement().getValue();
          case DELETE_RANGE ->
              result(6, true, reply.getDeleteRange().getRevision())
                  + reply.getDeleteRange().getDeleted();
          case SETTLE_WRITE -> result(7, false, 0);
          default -> reply.hashCode();
        };
    return mix(mix(sequence) + what);
  }

  static long result(int kind, boolean applied, long revision) {
    return mix(revision * 16 + kind * 2 + (applied ? 1 : 0));
  }

  /** The mark of a session as it is stored; each content is read once. */
  long session(long id, Payload value) {
    return named(id, sessions.computeIfAbsent(value, Marks::read));
  }

  private static long read(Payload value) {
    try {
      SessionRow row = SessionRow.parseFrom(value.asReadOnlyByteBuffer());
      long results = 0;
      for (SessionResult result : row.getResultsList()) {
        results += result(result.getSequence(), result.getReply());
      }
      return content(row.getAcknowledgedSequence(), row.getLastUsedRevision(), results);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a session row cannot be read", e);
    }
  }
}
