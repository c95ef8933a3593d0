package io.flotilla.history;

import io.flotilla.history.HistoryRow.Type;
import io.flotilla.history.Operation.Kind;
import io.flotilla.history.Operation.Outcome;
import io.flotilla.history.StalenessChecker.StaleRead;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that the rows of a history tell of. A call without an end is one of unknown outcome.
 *
 * @param operations calls that must be linearizable, in the order of their ends
 * @param staleReads answered reads that may be old
 */
public record Calls(List<Operation> operations, List<StaleRead> staleReads) {

  /** Pairs beginnings and ends. */
  static Calls of(List<HistoryRow> rows) {
    List<Operation> operations = new ArrayList<>();
    List<StaleRead> staleReads = new ArrayList<>();
    Map<Object, HistoryRow> open = new HashMap<>();
    for (HistoryRow row : rows) {
      if (row.isOfNemesis()) {
        continue;
      }
      if (row.type() == Type.INVOKE) {
        if (open.put(row.process(), row) != null) {
          throw malformed(row, "its process has an open call already");
        }
        continue;
      }
      HistoryRow begin = open.remove(row.process());
      if (begin == null || !begin.f().equals(row.f())) {
        throw malformed(row, "its process has no open call of this kind");
      }
      if (!begin.f().equals(HistoryRow.STALE_READ)) {
        operations.add(operation(begin, row));
      } else if (row.type() == Type.OK) {
        staleReads.add(staleRead(begin, row));
      }
    }
    open.values().stream()
        .filter(begin -> !begin.f().equals(HistoryRow.STALE_READ))
        .forEach(begin -> operations.add(operation(begin, null)));
    return new Calls(List.copyOf(operations), List.copyOf(staleReads));
  }

  private static Operation operation(HistoryRow begin, @Nullable HistoryRow end) {
    return new Operation(
        (Integer) begin.process(),
        kindOf(begin),
        keyOf(begin),
        begin.value(),
        begin.expected() == null ? -1 : begin.expected(),
        end == null ? Outcome.INFO : outcomeOf(end),
        end == null ? null : end.value(),
        end == null || end.version() == null ? -1 : end.version(),
        begin.time(),
        end == null || end.type() == Type.INFO ? Long.MAX_VALUE : end.time());
  }

  private static StaleRead staleRead(HistoryRow begin, HistoryRow end) {
    return new StaleRead(
        keyOf(begin),
        end.value(),
        end.version() == null ? 0 : end.version(),
        begin.bound() == null ? Long.MAX_VALUE : begin.bound(),
        begin.time(),
        end.time());
  }

  private static Outcome outcomeOf(HistoryRow end) {
    return switch (end.type()) {
      case OK -> Outcome.OK;
      case FAIL -> HistoryRow.MISMATCH.equals(end.error()) ? Outcome.MISMATCH : Outcome.FAIL;
      case INFO -> Outcome.INFO;
      case INVOKE -> throw malformed(end, "a beginning is no end");
    };
  }

  private static Kind kindOf(HistoryRow row) {
    try {
      return Kind.valueOf(row.f().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw malformed(row, "nothing is known of its f");
    }
  }

  private static String keyOf(HistoryRow row) {
    if (row.key() == null) {
      throw malformed(row, "it has no key");
    }
    return row.key();
  }

  private static IllegalArgumentException malformed(HistoryRow row, String why) {
    return new IllegalArgumentException("row " + row.index() + ": " + why + ": " + row);
  }
}
