package io.flotilla.client;

import static io.flotilla.client.InFlightBudget.NO_LANE;
import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightBudgetTest {
  private final InFlightBudget budget = new InFlightBudget(100, Overflow.WAIT, System::nanoTime);

  @Test
  void oneCallIsLetInWhateverItsSize() {
    budget.enter(1_000, NO_LANE, soon());
    budget.leave(1_000, NO_LANE);
    budget.enter(60, NO_LANE, soon());
    budget.enter(40, NO_LANE, soon());
    assertThat(budget.taken()).isEqualTo(100);
  }

  @Test
  void callersGetInInTheOrderInWhichTheyCame() throws Exception {
    budget.enter(100, NO_LANE, later());
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> large = enter(90, 1, order);
    CompletableFuture<Void> small = enter(10, 2, order);
    CompletableFuture<Void> next = enter(10, 3, order);
    budget.leave(50, NO_LANE);
    assertThat(order).isEmpty();
    budget.leave(50, NO_LANE);
    await(large);
    await(small);
    assertThat(order).containsExactlyInAnyOrder(1, 2);
    budget.leave(90, NO_LANE);
    await(next);
    assertThat(budget.taken()).isEqualTo(20);
  }

  @Test
  void aCallerThatGivesUpLetsTheNextOneIn() throws Exception {
    budget.enter(60, NO_LANE, later());
    CompletableFuture<FlotillaException> large = new CompletableFuture<>();
    Thread caller =
        new Thread(() -> large.complete(failureOf(() -> budget.enter(90, NO_LANE, later()))));
    start(caller);
    CompletableFuture<Void> small = enter(10, 1, new ArrayList<>());
    caller.interrupt();
    assertThat(await(large).code()).isEqualTo(ErrorCode.INTERRUPTED);
    assertThat(await(large).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    await(small);
    assertThat(budget.taken()).isEqualTo(70);
  }

  @Test
  void waitingEndsAtTheDeadline() {
    budget.enter(100, NO_LANE, later());
    assertThat(failureOf(() -> budget.enter(1, NO_LANE, System.nanoTime() + 20_000_000)).code())
        .isEqualTo(ErrorCode.OVERLOADED);
    assertThat(failureOf(() -> budget.enter(1, NO_LANE, System.nanoTime() - 1)).code())
        .isEqualTo(ErrorCode.OVERLOADED);
    assertThat(budget.taken()).isEqualTo(100);
  }

  @Test
  void oneNodeLeavesAQuarterToTheOthers() {
    budget.enter(75, 1, soon());
    assertThat(failureOf(() -> budget.enter(1, 1, soon())).code()).isEqualTo(ErrorCode.OVERLOADED);
    budget.enter(20, 2, soon());
    assertThat(failureOf(() -> budget.enter(6, 2, soon())).code()).isEqualTo(ErrorCode.OVERLOADED);
    budget.enter(5, 3, soon());
    assertThat(budget.taken()).isEqualTo(100);
    budget.leave(75, 1);
    budget.enter(55, 2, soon());
    assertThat(budget.taken()).isEqualTo(80);
  }

  @Test
  void callersThatWaitForOneNodeHoldUpNobodyElse() throws Exception {
    budget.enter(75, 1, later());
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Void> sameNode = enter(10, 1, 1, order);
    budget.enter(10, 2, soon());
    CompletableFuture<Void> tooLargeNow = enter(70, 2, 2, order);
    assertThat(failureOf(() -> budget.enter(1, 2, soon())).code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(order).isEmpty();
    budget.leave(75, 1);
    await(sameNode);
    assertThat(order).containsExactly(1);
    budget.leave(10, 2);
    await(tooLargeNow);
    assertThat(budget.taken()).isEqualTo(80);
  }

  private CompletableFuture<Void> enter(long bytes, int number, List<Integer> order) {
    return enter(bytes, NO_LANE, number, order);
  }

  private CompletableFuture<Void> enter(long bytes, long lane, int number, List<Integer> order) {
    CompletableFuture<Void> entered = new CompletableFuture<>();
    start(
        new Thread(
            () -> {
              budget.enter(bytes, lane, later());
              order.add(number);
              entered.complete(null);
            }));
    return entered;
  }

  private static void start(Thread caller) {
    caller.setDaemon(true);
    caller.start();
    while (caller.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  private static long soon() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
  }

  private static long later() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(Tests.PATIENCE_SECONDS);
  }
}
