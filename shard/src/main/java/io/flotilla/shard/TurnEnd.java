package io.flotilla.shard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done when a turn of a loop ends: so what all its replicas have to say leaves
 * together, without another thread between loop and network. Confined to the thread of the turn.
 */
public final class TurnEnd {
  private static final ThreadLocal<@Nullable TurnEnd> NOW = new ThreadLocal<>();

  private final Deque<Runnable> tasks = new ArrayDeque<>();

  private TurnEnd() {}

  /**
   * Runs tasks that come from within a turn when it ends, on its thread, and hands all others on.
   * The tasks must be short, must not block and must not throw.
   *
   * @param otherwise takes what does not come from a turn
   */
  public static Executor or(Executor otherwise) {
    return task -> {
      TurnEnd end = NOW.get();
      if (end == null) {
        otherwise.execute(task);
      } else {
        end.tasks.add(task);
      }
    };
  }

  /** A turn that calls {@link #run} when it is at its end. */
  static boolean during(Predicate<TurnEnd> turn) {
    TurnEnd end = new TurnEnd();
    NOW.set(end);
    try {
      return turn.test(end);
    } finally {
      NOW.remove();
    }
  }

  /** Runs what came, and what comes from that. */
  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
