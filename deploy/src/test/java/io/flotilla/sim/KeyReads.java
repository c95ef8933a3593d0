package io.flotilla.sim;

import io.flotilla.history.History;
import io.flotilla.history.Operation.Kind;
import io.flotilla.raft.Payload;
import io.flotilla.sim.invariants.Oracle;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads of several keys by one call. Only each key's read is promised to be linearizable, not all
 * of them together, so each is a call of its own in the history, under a process of its own.
 */
final class KeyReads {
  private record Part(History.Call call, long floor) {}

  private final Oracle oracle;
  private final Map<String, Part> open = new TreeMap<>();

  /** They begin. */
  KeyReads(History history, Oracle oracle, Supplier<Integer> processes, Collection<String> keys) {
    this.oracle = oracle;
    for (String key : keys) {
      History.Call call = history.invoke(processes.get(), Kind.READ, key, null, -1);
      open.put(key, new Part(call, oracle.readBegins(Payload.utf8(key))));
    }
  }

  /**
   * One of the keys was read.
   *
   * @param value null if it was absent
   * @param revision -1 if it was absent
   */
  void saw(String key, @Nullable String value, long revision) {
    Part part = open.remove(key);
    if (part == null) {
      throw new AssertionError("key " + key + " was answered, but is not asked for any more");
    }
    oracle.readEnds(Payload.utf8(key), part.floor(), Math.max(0, revision));
    part.call().ok(value, revision);
  }

  /** Nothing is said of those that are left. */
  void endRest(String why) {
    open.values().forEach(part -> part.call().fail(why));
    open.clear();
  }
}
