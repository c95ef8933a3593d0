package io.flotilla.router;

import static io.flotilla.router.ScriptedNetwork.MILLIS;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.router.RouteFeed.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RouteRefresherTest {
  private static final RouterConfig CONFIG = RouterConfig.defaults();

  private final VirtualScheduler time = new VirtualScheduler();
  private final RouteCache cache = new RouteCache(List.of());
  private final List<Long> asked = new ArrayList<>();
  private final List<CompletableFuture<Answer>> answers = new ArrayList<>();
  private final RouteRefresher refresher =
      new RouteRefresher(
          cache,
          knownVersion -> {
            asked.add(knownVersion);
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
          },
          CONFIG,
          new RouterRuntime(time, new Backoff.Jitter(new Random(1))));

  @Test
  void manyAskOnce() {
    CompletableFuture<String> first = refresher.refresh();
    CompletableFuture<String> second = refresher.refresh();
    assertThat(asked).containsExactly(0L);
    answers.get(0).complete(Answer.of(catalog(3)));
    assertThat(first.join()).isEmpty();
    assertThat(second.join()).isEmpty();
    assertThat(cache.version()).isEqualTo(3);
    assertThat(cache.table().routes()).hasSize(1);
  }

  @Test
  void theNextFetchKeepsItsDistance() {
    CompletableFuture<String> first = refresher.refresh();
    answers.get(0).complete(Answer.failed("down"));
    assertThat(first.join()).isEqualTo("down");
    for (int i = 0; i < 10; i++) {
      CompletableFuture<String> unused = refresher.refresh();
    }
    assertThat(asked).hasSize(1);
    time.advance(CONFIG.refreshSpacingNanos());
    assertThat(asked).hasSize(2);
  }

  @Test
  void whoFindsNothingNewerAsksLessAndLessOften() {
    cache.absorb(catalog(7));
    askAllTheTime(10_000, catalog(7));
    assertThat(asked).hasSizeBetween(10, 10 + 2 * 10);
    asked.clear();
    askAllTheTime(2_000, catalog(8));
    assertThat(asked).as("the spacing begins anew").hasSizeGreaterThan(3);
    askAllTheTime(10_000, catalog(8));
    time.advance(3 * CONFIG.pollNanos());
    asked.clear();
    askAllTheTime(2_000, catalog(8));
    assertThat(asked).as("so it does after calm").hasSizeGreaterThan(3);
  }

  /** Somebody always misses a route, and each fetch is answered after 1 ms. */
  private void askAllTheTime(int millis, GetCatalogReply answer) {
    for (int i = 0; i < millis; i++) {
      CompletableFuture<String> unused = refresher.refresh();
      time.advance(MILLIS);
      answers.forEach(open -> open.complete(Answer.of(answer)));
      answers.clear();
    }
  }

  @Test
  void pollsAgainAndAgainForWhatIsNewer() {
    cache.absorb(catalog(7));
    refresher.poll();
    refresher.poll();
    for (int i = 0; i < 5; i++) {
      assertThat(asked).hasSize(i + 1);
      answers.get(i).complete(Answer.of(catalog(7 + i)));
      time.advance(CONFIG.pollNanos() + CONFIG.refreshSpacingNanos());
    }
    assertThat(asked).startsWith(7L, 7L, 8L, 9L, 10L);
  }

  @Test
  void whoMissesARouteIsNotServedWithAPollThatAsksForNewerOnes() {
    cache.absorb(catalog(7));
    refresher.poll();
    CompletableFuture<String> whole = refresher.refresh();
    answers
        .get(0)
        .complete(Answer.of(GetCatalogReply.newBuilder().setVersion(7).setUnchanged(true).build()));
    assertThat(whole).isNotDone();
    time.advance(CONFIG.refreshSpacingNanos());
    assertThat(asked).containsExactly(7L, 0L);
    answers.get(1).complete(Answer.of(catalog(7)));
    assertThat(whole.join()).isEmpty();
  }

  @Test
  void closingEndsTheWaiting() {
    CompletableFuture<String> waiting = refresher.refresh();
    refresher.poll();
    refresher.close();
    assertThat(waiting.join()).isNotEmpty();
    assertThat(refresher.refresh().join()).isNotEmpty();
    answers.get(0).complete(Answer.of(catalog(3)));
    time.advance(10_000 * MILLIS);
    assertThat(asked).hasSize(1);
  }

  private static GetCatalogReply catalog(long version) {
    return GetCatalogReply.newBuilder().setVersion(version).addRoutes(route(2, "", "")).build();
  }
}
