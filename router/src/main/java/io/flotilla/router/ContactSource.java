package io.flotilla.router;

import io.flotilla.router.RouteFeed.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

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
    return ask(contacts, first, knownVersion, new ArrayList<>());
  }

  private CompletableFuture<Answer> ask(
      List<NodeAddress> contacts, int first, long knownVersion, List<Answer> failures) {
    int asked = failures.size();
    if (asked == Math.min(contacts.size(), MAX_ASKED)) {
      return CompletableFuture.completedFuture(all(failures));
    }
    NodeAddress contact = contacts.get((first + asked) % contacts.size());
    long deadline = runtime.scheduler().nanoTime() + config.refreshAttemptNanos();
    return feed.fetch(contact, knownVersion, deadline)
        .thenCompose(
            answer -> {
              if (answer.catalog() != null) {
                return CompletableFuture.completedFuture(answer);
              }
              failures.add(new Answer(null, contact + ": " + answer.problem(), answer.refused()));
              return ask(contacts, first, knownVersion, failures);
            });
  }

  private static Answer all(List<Answer> failures) {
    String problems = failures.stream().map(Answer::problem).collect(Collectors.joining("; "));
    return failures.stream().allMatch(Answer::refused)
        ? Answer.refused(problems)
        : Answer.failed(problems);
  }
}
