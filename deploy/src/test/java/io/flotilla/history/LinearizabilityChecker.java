package io.flotilla.history;

import io.flotilla.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a history is linearizable, key by key: linearizability is local (Herlihy and Wing
 * 1990, §3.3), so a history is linearizable if and only if each key's part is.
 *
 * <p>The search is the one of Wing and Gong (1993) with Lowe's memory of configurations already
 * tried (2017): linearize any call that began before the first end of a call not yet linearized, go
 * back when the model refuses. A call of unknown outcome may be linearized anywhere after its
 * begin, or never. Calls that certainly failed are left out.
 *
 * <p>Intervals are closed: calls that touch at one instant are concurrent.
 */
public final class LinearizabilityChecker {
  private final long maxConfigurationsPerKey;

  /**
   * @param maxConfigurationsPerKey after so many tried configurations a key's verdict is UNDECIDED,
   *     which a test should count as a failure
   */
  public LinearizabilityChecker(long maxConfigurationsPerKey) {
    this.maxConfigurationsPerKey = maxConfigurationsPerKey;
  }

  /** Verdict over one key. */
  public enum Verdict {
    LINEARIZABLE,
    NOT_LINEARIZABLE,
    UNDECIDED
  }

  /**
   * What was found wrong first.
   *
   * @param key the key
   * @param verdict NOT_LINEARIZABLE or UNDECIDED
   * @param stuckAt the calls of which one would have to come next and none can
   */
  public record Anomaly(String key, Verdict verdict, List<Operation> stuckAt) {}

  /** The first key whose part of the history is not linearizable, in key order. */
  public Optional<Anomaly> check(List<Operation> history) {
    Map<String, List<Operation>> byKey = new TreeMap<>();
    for (Operation operation : history) {
      boolean tellsNothing =
          operation.outcome() == Outcome.FAIL
              || (operation.isPending() && operation.kind() == Operation.Kind.READ);
      if (!tellsNothing) {
        byKey.computeIfAbsent(operation.key(), k -> new ArrayList<>()).add(operation);
      }
    }
    for (Map.Entry<String, List<Operation>> entry : byKey.entrySet()) {
      Search search = new Search(entry.getValue(), maxConfigurationsPerKey);
      Verdict verdict = search.run();
      if (verdict != Verdict.LINEARIZABLE) {
        return Optional.of(new Anomaly(entry.getKey(), verdict, search.stuckAt()));
      }
    }
    return Optional.empty();
  }

  /**
   * What is linearized, and the state after it. Calls stand in the order of their begins, so nearly
   * all that is done is a prefix: only what lies beyond it is kept, or a long history would need
   * the square of its length.
   *
   * @param prefix so many calls that ended are done
   * @param beyond which after these
   * @param pending which of unknown outcome
   */
  private record Configuration(
      int prefix, BitSet beyond, BitSet pending, RegisterModel.State state) {}

  /** A begin or an end of a call in the list that the search walks. */
  private static final class Event {
    final int call;
    final boolean isReturn;
    @Nullable Event previous;
    @Nullable Event next;
    @Nullable Event match;

    Event(int call, boolean isReturn) {
      this.call = call;
      this.isReturn = isReturn;
    }
  }

  private record Step(Event call, RegisterModel.State before) {}

  private static final class Search {
    private static final Comparator<Operation> ENDED_FIRST =
        Comparator.comparing(Operation::isPending).thenComparingLong(Operation::callNanos);

    private final List<Operation> calls;
    private final long maxConfigurations;
    private final Event head = new Event(-1, false);
    private final Set<Configuration> seen = new HashSet<>();
    private int mustReturn;
    private int deepest = -1;
    private List<Operation> stuckAt = List.of();

    Search(List<Operation> calls, long maxConfigurations) {
      this.calls = calls.stream().sorted(ENDED_FIRST).toList();
      this.maxConfigurations = maxConfigurations;
      buildEvents();
    }

    private void buildEvents() {
      record Timed(long nanos, boolean isReturn, int call) {}
      List<Timed> times = new ArrayList<>();
      for (int i = 0; i < calls.size(); i++) {
        times.add(new Timed(calls.get(i).callNanos(), false, i));
        if (!calls.get(i).isPending()) {
          times.add(new Timed(calls.get(i).returnNanos(), true, i));
          mustReturn++;
        }
      }
      times.sort(
          (a, b) ->
              a.nanos() != b.nanos()
                  ? Long.compare(a.nanos(), b.nanos())
                  : Boolean.compare(a.isReturn(), b.isReturn()));
      Event[] begins = new Event[calls.size()];
      Event last = head;
      for (Timed time : times) {
        Event event = new Event(time.call(), time.isReturn());
        if (time.isReturn()) {
          begins[time.call()].match = event;
        } else {
          begins[time.call()] = event;
        }
        last.next = event;
        event.previous = last;
        last = event;
      }
    }

    List<Operation> stuckAt() {
      return stuckAt;
    }

    Verdict run() {
      RegisterModel.State state = RegisterModel.ABSENT;
      BitSet done = new BitSet(calls.size());
      List<Step> path = new ArrayList<>();
      int returned = 0;
      Event event = head.next;
      while (returned < mustReturn) {
        if (event != null && !event.isReturn) {
          RegisterModel.State after = RegisterModel.step(state, calls.get(event.call));
          if (after != null && remember(done, event.call, after)) {
            path.add(new Step(event, state));
            state = after;
            done.set(event.call);
            returned += event.match == null ? 0 : 1;
            lift(event);
            event = head.next;
          } else {
            event = event.next;
          }
          if (seen.size() > maxConfigurations) {
            return Verdict.UNDECIDED;
          }
          continue;
        }
        noteStuck(returned);
        if (path.isEmpty()) {
          return Verdict.NOT_LINEARIZABLE;
        }
        Step step = path.remove(path.size() - 1);
        state = step.before();
        done.clear(step.call().call);
        returned -= step.call().match == null ? 0 : 1;
        putBack(step.call());
        event = step.call().next;
      }
      return Verdict.LINEARIZABLE;
    }

    private boolean remember(BitSet done, int call, RegisterModel.State after) {
      done.set(call);
      int prefix = Math.min(done.nextClearBit(0), mustReturn);
      BitSet beyond = done.get(prefix, mustReturn);
      BitSet pending = done.get(mustReturn, calls.size());
      done.clear(call);
      return seen.add(new Configuration(prefix, beyond, pending, after));
    }

    private void noteStuck(int returned) {
      if (returned <= deepest) {
        return;
      }
      deepest = returned;
      List<Operation> candidates = new ArrayList<>();
      for (Event e = head.next; e != null && !e.isReturn; e = e.next) {
        candidates.add(calls.get(e.call));
      }
      stuckAt = List.copyOf(candidates);
    }

    private static void lift(Event call) {
      unlink(call);
      if (call.match != null) {
        unlink(call.match);
      }
    }

    private static void putBack(Event call) {
      if (call.match != null) {
        relink(call.match);
      }
      relink(call);
    }

    private static void unlink(Event event) {
      Event previous = Objects.requireNonNull(event.previous);
      previous.next = event.next;
      if (event.next != null) {
        event.next.previous = previous;
      }
    }

    private static void relink(Event event) {
      Objects.requireNonNull(event.previous).next = event;
      if (event.next != null) {
        event.next.previous = event;
      }
    }
  }
}
