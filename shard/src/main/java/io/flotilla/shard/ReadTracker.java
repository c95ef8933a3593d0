package io.flotilla.shard;

import io.flotilla.raft.ReadState;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads that wait for their index to be confirmed, and then for it to be applied.
 *
 * <p>Reads that ask together are a round. A round may have asked more than once, each time under a
 * context of its own; the first answer counts for all of it.
 */
final class ReadTracker {
  /** Reads that share an index. */
  static final class Round {
    private final long begunNanos;
    private final List<Call> calls;
    private long askedNanos;
    private int asked = 1;

    private Round(long begunNanos, List<Call> calls) {
      this.begunNanos = begunNanos;
      this.askedNanos = begunNanos;
      this.calls = calls;
    }

    /** Before the first question left: whatever was acknowledged until then is in the index. */
    long begunNanos() {
      return begunNanos;
    }

    List<Call> calls() {
      return calls;
    }
  }

  private static final int MAX_DOUBLINGS = 10;

  private final Map<Long, Round> byContext = new TreeMap<>();
  private final TreeMap<Long, List<Round>> byIndex = new TreeMap<>();

  /** A round has asked for the first time; the list is the round's from now on. */
  void awaitIndex(long context, long nowNanos, List<Call> reads) {
    byContext.put(context, new Round(nowNanos, reads));
  }

  /** A round that waits has asked once more. */
  void askedAgain(long context, long nowNanos, Round round) {
    round.askedNanos = nowNanos;
    round.asked++;
    byContext.put(context, round);
  }

  /** An answer; without effect if the round has one, or is over. */
  void confirmed(ReadState read) {
    Round round = byContext.remove(read.context());
    if (round != null) {
      if (round.asked > 1) {
        byContext.values().removeIf(other -> other == round);
      }
      byIndex.computeIfAbsent(read.index(), k -> new ArrayList<>()).add(round);
    }
  }

  boolean isEmpty() {
    return byContext.isEmpty() && byIndex.isEmpty();
  }

  /** Questions that wait for an answer. */
  int open() {
    return byContext.size();
  }

  /** Rounds that wait for an answer for longer than this, twice as long with each question. */
  Set<Round> overdue(long nowNanos, long patienceNanos) {
    Set<Round> overdue = new LinkedHashSet<>();
    for (Round round : byContext.values()) {
      long patience = patienceNanos << Math.min(round.asked - 1, MAX_DOUBLINGS);
      if (nowNanos - round.askedNanos >= patience) {
        overdue.add(round);
      }
    }
    return overdue;
  }

  /** Hands out the rounds whose index is applied. */
  void serve(long applied, Consumer<Round> server) {
    while (!byIndex.isEmpty() && byIndex.firstKey() <= applied) {
      byIndex.pollFirstEntry().getValue().forEach(server);
    }
  }

  /** Who was asked does not lead any more. Reads that are confirmed may still be served. */
  List<Call> takeUnconfirmed() {
    List<Call> calls = new ArrayList<>();
    Set<Round> seen = new LinkedHashSet<>();
    for (Round round : byContext.values()) {
      if (seen.add(round)) {
        calls.addAll(round.calls);
      }
    }
    byContext.clear();
    return calls;
  }

  /** Hands out the reads whose deadline has passed. */
  void expire(long nowNanos, Consumer<Call> unconfirmed, Consumer<Call> unapplied) {
    for (Iterator<Round> it = byContext.values().iterator(); it.hasNext(); ) {
      if (expire(it.next(), nowNanos, unconfirmed)) {
        it.remove();
      }
    }
    for (List<Round> rounds : byIndex.values()) {
      rounds.removeIf(round -> expire(round, nowNanos, unapplied));
    }
    byIndex.values().removeIf(List::isEmpty);
  }

  private static boolean expire(Round round, long nowNanos, Consumer<Call> expired) {
    round.calls.removeIf(
        call -> {
          boolean over = call.isExpired(nowNanos);
          if (over) {
            expired.accept(call);
          }
          return over;
        });
    return round.calls.isEmpty();
  }
}
