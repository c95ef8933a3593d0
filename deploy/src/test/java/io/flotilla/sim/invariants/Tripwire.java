package io.flotilla.sim.invariants;

import io.flotilla.shard.kv.StateMachine;

/**
 * Sees whether a state machine looks at the clock. Walking the stack is slow, so it looks at some
 * of the calls only.
 */
public final class Tripwire {
  private static final int ONE_IN = 256;
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Tally tally;
  private int calls;

  /** For one run. */
  public Tripwire(Tally tally) {
    this.tally = tally;
  }

  /** Somebody asks for the time, or for a random number. */
  public void touched() {
    calls++;
    if (calls % ONE_IN != 0) {
      return;
    }
    boolean applying =
        WALKER.walk(
            frames ->
                frames.anyMatch(
                    frame ->
                        StateMachine.class.isAssignableFrom(frame.getDeclaringClass())
                            && frame.getMethodName().equals("apply")));
    if (tally.breaks(Invariant.APPLY_IS_PURE, !applying)) {
      tally.report(Invariant.APPLY_IS_PURE, "the clock was asked");
    }
  }
}
