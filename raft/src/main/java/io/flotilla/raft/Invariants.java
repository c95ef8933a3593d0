package io.flotilla.raft;

/** Checks that are always on. Messages are built only when a check fails. */
final class Invariants {
  private Invariants() {}

  static void check(boolean holds, String what, long first, long second) {
    if (!holds) {
      throw new RaftInvariantException(what + ": " + first + ", " + second);
    }
  }
}
