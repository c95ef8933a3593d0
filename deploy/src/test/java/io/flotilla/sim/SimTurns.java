package io.flotilla.sim;

import io.flotilla.shard.LoopRunner;

/** Turns of one loop, as events. */
final class SimTurns implements LoopRunner {
  private static final long TURN_DELAY_NANOS = 200 * World.MICROS;

  private final SimProcess life;
  private final Turn turn;
  private boolean due;

  SimTurns(SimProcess life, Turn turn) {
    this.life = life;
    this.turn = turn;
  }

  @Override
  public void wake() {
    turnIn(life.random().nextLong(TURN_DELAY_NANOS));
  }

  @Override
  public void wakeWithin(long nanos) {
    life.after(nanos, "late turn", this::wake);
  }

  private void turnIn(long nanos) {
    if (!due) {
      due = true;
      life.after(
          nanos,
          "turn",
          () -> {
            due = false;
            if (turn.run()) {
              wake();
            }
          });
    }
  }

  @Override
  public void close() {}
}
