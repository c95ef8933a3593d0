package io.flotilla.history;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one key of a sequential store does: the truth a history is held against. */
final class RegisterModel {
  /** Nobody has been told the revision of the last write. */
  private static final long UNKNOWN = -1;

  static final State ABSENT = new State(null, 0);

  /**
   * @param value null = absent
   * @param revision 0 = never written, -1 = written, but nobody was told the revision
   */
  record State(@Nullable String value, long revision) {}

  private RegisterModel() {}

  /** The state after the call, or null if the call could not have been answered like this here. */
  static @Nullable State step(State state, Operation call) {
    return switch (call.kind()) {
      case READ -> read(state, call);
      case WRITE -> written(state, call.argument(), call);
      case DELETE -> written(state, null, call);
      case CAS -> compareAndSet(state, call);
      case ADD -> add(state, call);
    };
  }

  private static @Nullable State read(State state, Operation call) {
    if (!Objects.equals(state.value(), call.value())) {
      return null;
    }
    boolean tellsRevision = call.value() != null && call.revision() != UNKNOWN;
    if (!tellsRevision || state.revision() == call.revision()) {
      return state;
    }
    return state.revision() == UNKNOWN ? new State(state.value(), call.revision()) : null;
  }

  private static @Nullable State written(State state, @Nullable String value, Operation call) {
    if (call.revision() != UNKNOWN && call.revision() <= state.revision()) {
      return null; // revisions rise with each write of a key
    }
    return new State(value, call.isPending() ? UNKNOWN : call.revision());
  }

  private static @Nullable State compareAndSet(State state, Operation call) {
    boolean absent = state.value() == null;
    boolean certainMatch =
        absent
            ? call.expectedRevision() == 0
            : state.revision() != UNKNOWN && state.revision() == call.expectedRevision();
    boolean certainMismatch = absent ? !certainMatch : state.revision() != UNKNOWN && !certainMatch;
    return switch (call.outcome()) {
      case OK -> certainMismatch ? null : written(state, call.argument(), call);
      case MISMATCH -> certainMatch ? null : state;
      case INFO -> certainMismatch ? state : written(state, call.argument(), call);
      case FAIL -> state;
    };
  }

  private static @Nullable State add(State state, Operation call) {
    long before = state.value() == null ? 0 : Long.parseLong(state.value());
    long delta = call.argument() == null ? 1 : Long.parseLong(call.argument());
    String after = Long.toString(before + delta);
    if (!call.isPending() && !after.equals(call.value())) {
      return null;
    }
    return written(state, after, call);
  }
}
