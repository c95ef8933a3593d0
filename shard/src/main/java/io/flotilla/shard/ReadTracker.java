package io.flotilla.shard;

import io.flotilla.contract.v1.Reply;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads that wait for their index to be confirmed, and then for it to be applied. */
final class ReadTracker {
  private final Map<Long, List<Call>> byContext = new TreeMap<>();
  private final TreeMap<Long, List<Call>> byIndex = new TreeMap<>();

  void awaitIndex(long context, List<Call> reads) {
    byContext.put(context, reads);
  }

  void confirmed(long context, long index) {
    List<Call> reads = byContext.remove(context);
    if (reads != null) {
      byIndex.computeIfAbsent(index, k -> new ArrayList<>()).addAll(reads);
    }
  }

  boolean isEmpty() {
    return byContext.isEmpty() && byIndex.isEmpty();
  }

  /** Hands out the reads whose index is applied. */
  void serve(long applied, Consumer<Call> server) {
    while (!byIndex.isEmpty() && byIndex.firstKey() <= applied) {
      byIndex.pollFirstEntry().getValue().forEach(server);
    }
  }

  /** Leadership is lost. Reads that are confirmed may still be served. */
  void failUnconfirmed(Reply reply) {
    byContext.values().forEach(reads -> reads.forEach(call -> call.reply(reply)));
    byContext.clear();
  }

  void expire(long nowNanos) {
    expire(byContext, nowNanos);
    expire(byIndex, nowNanos);
  }

  private static void expire(Map<Long, List<Call>> waiting, long nowNanos) {
    for (Iterator<Map.Entry<Long, List<Call>>> it = waiting.entrySet().iterator(); it.hasNext(); ) {
      List<Call> reads = it.next().getValue();
      reads.removeIf(
          call -> {
            boolean expired = call.isExpired(nowNanos);
            if (expired) {
              call.expireUntouched();
            }
            return expired;
          });
      if (reads.isEmpty()) {
        it.remove();
      }
    }
  }
}
