package io.flotilla.sim.invariants;

import io.flotilla.raft.Entry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where each write of each session was executed, over the whole key space: once (R35). */
final class ExecutedWrites {
  record Write(long session, long sequence) {}

  record Place(long shardId, long index, long term) {}

  private final Tally tally;
  private final Map<Write, Place> places = new HashMap<>();

  ExecutedWrites(Tally tally) {
    this.tally = tally;
  }

  void executes(long shardId, Entry entry, long session, long sequence) {
    Place now = new Place(shardId, entry.index(), entry.term());
    Place before = places.putIfAbsent(new Write(session, sequence), now);
    if (tally.breaks(Invariant.EXECUTED_ONCE, before == null)) {
      tally.report(
          Invariant.EXECUTED_ONCE,
          "session " + session + " sequence " + sequence + ": " + before + " and " + now);
    }
  }

  @Nullable Place place(long session, long sequence) {
    return places.get(new Write(session, sequence));
  }
}
