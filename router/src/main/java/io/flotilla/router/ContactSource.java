package io.flotilla.router;

import io.flotilla.router.RouteFeed.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks one node after the other, beginning with any, until one answers. */
final class ContactSource implements RouteRefresher.Source {
  /** Nodes asked in one fetch, at most. */
  private static final int MAX_ASKED = 8;

  private final RouteFeed feed;
  private final RouteCache cache;
  private final RouterConfig config;
  private final RouterRuntime runtime;

  ContactSource(RouteFeed feed, RouteCache cache, RouterConfig config, RouterRuntime runtime) {
    this.feed = feed;
    this.cache = cache;
    this.config = config;
    this.runtime = runtime;
  }

  @Override
  public CompletableFuture<Answer> fetch(long knownVersion) {
    List<NodeAddress> contacts = cache.contacts();
    if (contacts.isEmpty()) {
      return CompletableFuture.completedFuture(Answer.failed("no other node is known"));
    }
    int first = runtime.jitter().below(contacts.size());
    return ask(contacts, first, 0, knownVersion, new ArrayList<>());
  }

  private CompletableFuture<Answer> ask(
      List<NodeAddress> contacts, int first, int asked, long knownVersion, List<String> problems) {
    if (asked == Math.min(contacts.size(), MAX_ASKED)) {
      return CompletableFuture.completedFuture(Answer.failed(String.join("; ", problems)));
    }
    NodeAddress contact = contacts.get((first + asked) % contacts.size());
    long deadline = runtime.scheduler().nanoTime() + config.refreshAttemptNanos();
    return feed.fetch(contact, knownVersion, deadline)
        .thenCompose(
            answer -> {
              if (answer.catalog() != null) {
                return CompletableFuture.completedFuture(answer);
              }
              problems.add(contact + ": " + answer.problem());
              return ask(contacts, first, asked + 1, knownVersion, problems);
            });
  }
}
