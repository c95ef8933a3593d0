package io.flotilla.router;

import io.flotilla.contract.v1.Reply;
import io.flotilla.router.TargetChooser.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One try of a read that any replica may answer: asks a second replica if the first is slow. The
 * first good answer is taken and the other replica's given up; a bad answer is taken only when no
 * other can come. The lock is held for moments, never while continuations run.
 */
final class HedgedTry {
  private final Function<Target, CompletableFuture<Reply>> ask;
  private final Supplier<@Nullable Target> other;
  private final CompletableFuture<Answer> result = new CompletableFuture<>();
  private final List<CompletableFuture<Reply>> asked = new ArrayList<>(2);
  private Scheduler.@Nullable Timer timer;
  private int open;
  private boolean ended;

  /**
   * A try that has not begun.
   *
   * @param ask sends the request; completes by the deadline of the try
   * @param other the second replica; null: there is none, or the budget is spent
   */
  HedgedTry(Function<Target, CompletableFuture<Reply>> ask, Supplier<@Nullable Target> other) {
    this.ask = ask;
    this.other = other;
  }

  /** Who answered what. */
  record Answer(Target target, Reply reply) {}

  CompletableFuture<Answer> start(Target first, Scheduler scheduler, long afterNanos) {
    synchronized (this) {
      open = 1;
    }
    var unused = result.whenComplete((answer, cancelled) -> giveUp());
    send(first);
    synchronized (this) {
      if (!ended) {
        timer = scheduler.schedule(afterNanos, this::slow);
      }
    }
    return result;
  }

  private void slow() {
    Target second;
    synchronized (this) {
      if (ended) {
        return;
      }
      second = other.get();
      if (second == null) {
        return;
      }
      open++;
    }
    send(second);
  }

  private void send(Target target) {
    CompletableFuture<Reply> answer = ask.apply(target);
    boolean late;
    synchronized (this) {
      asked.add(answer);
      late = ended;
    }
    if (late) {
      answer.cancel(false);
    }
    var unused = answer.thenAccept(reply -> answered(target, reply));
  }

  private void giveUp() {
    List<CompletableFuture<Reply>> open;
    synchronized (this) {
      if (ended) {
        return;
      }
      open = end();
    }
    open.forEach(answer -> answer.cancel(false));
  }

  private List<CompletableFuture<Reply>> end() {
    ended = true;
    if (timer != null) {
      timer.cancel();
    }
    return List.copyOf(asked);
  }

  private void answered(Target target, Reply reply) {
    List<CompletableFuture<Reply>> losers;
    synchronized (this) {
      open--;
      if (ended || (reply.hasError() && open > 0)) {
        return;
      }
      losers = end();
    }
    losers.forEach(loser -> loser.cancel(false));
    result.complete(new Answer(target, reply));
  }
}
