package io.flotilla.server;

import io.flotilla.server.local.Pause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other nodes lead what a node leads, before it stops: an election would cost clients a second
 * or two, this costs them a round trip.
 *
 * @param nanoClock monotonic
 */
record Handover(LongSupplier nanoClock, Pause pause) {
  /** Others that take nothing for so long will not take anything, or are not there. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** A follower may not have caught up when it was first asked to lead. */
  private static final int LOOKS_BETWEEN_QUESTIONS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  /** What a node leads. */
  interface Leading {
    /** Asks others to lead it; does not wait. */
    void giveAway();

    /** How many shards it is. */
    CompletableFuture<Integer> count();
  }

  /** Waits until nothing is led here any more, it does not get less, or the time is over. */
  void run(Leading leading, Duration most) {
    long begin = nanoClock.getAsLong();
    long progress = begin;
    int least = Integer.MAX_VALUE;
    try {
      for (int look = 0; true; look++) {
        if (look % LOOKS_BETWEEN_QUESTIONS == 0) {
          leading.giveAway();
        }
        int now = leading.count().get(most.toMillis(), TimeUnit.MILLISECONDS);
        long time = nanoClock.getAsLong();
        if (now < least) {
          least = now;
          progress = time;
        }
        boolean over = time - begin >= most.toNanos() || time - progress >= PATIENCE.toNanos();
        if (now == 0 || over) {
          LOG.info("{} shards are still led here", now);
          return;
        }
        pause.pause(BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("leadership was not handed over", e);
    }
  }
}
