package io.flotilla.server.health;

import io.flotilla.shard.HostStats;
import io.flotilla.shard.ReplicaStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether clients are to be sent to this node, and whether whoever restarts nodes one by
 * one may go on to the next.
 *
 * <p>After its start a node waits until it serves, its replicas have caught up and no shard of the
 * cluster lacks a voter; but no longer than its patience, for a cluster that has lost something for
 * good must not be without any ready node. From then on it is ready until it stops or is drained:
 * what happens to others does not change what it can do for clients. Any thread.
 */
public final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOPS_SECONDS = 6;

  private final Duration patience;
  private final Consumer<Boolean> changed;

  // Guarded by this.
  private @Nullable Member member;
  private long servesSince;
  private boolean arrived;
  private boolean stopping;
  private boolean told;
  private List<String> missing = List.of("the node is not part of a cluster yet");

  /**
   * Not ready.
   *
   * @param patience zero: a node that serves is ready
   * @param changed is told when the node becomes ready, or ceases to be
   */
  public Readiness(Duration patience, Consumer<Boolean> changed) {
    this.patience = patience;
    this.changed = changed;
  }

  /**
   * What is so at a moment.
   *
   * @param reasons why it is not ready; empty if it is
   */
  public record State(boolean ready, List<String> reasons) {
    static State of(List<String> reasons) {
      return new State(reasons.isEmpty(), List.copyOf(reasons));
    }
  }

  /** The node serves from now on. */
  public void serves(Member node) {
    synchronized (this) {
      member = node;
      servesSince = node.scheduler().nanoTime();
      arrived = patience.isZero();
      missing = List.of("not looked at yet");
    }
    look();
  }

  /** The node stops: nobody is to be sent here any more. */
  public void stops() {
    synchronized (this) {
      stopping = true;
    }
    tell();
  }

  /** Whether clients are to be sent here. */
  public synchronized State state() {
    if (stopping) {
      return State.of(List.of("the node is stopping"));
    }
    if (member != null && member.draining().getAsBoolean()) {
      return State.of(List.of("the node is being drained"));
    }
    return State.of(arrived ? List.of() : missing);
  }

  /** The cluster as its nodes see it now; empty while this node does not serve. */
  public CompletableFuture<Optional<ClusterHealth>> cluster() {
    Optional<Member> node;
    synchronized (this) {
      node = Optional.ofNullable(member);
    }
    return node.map(here -> here.cluster().get().thenApply(Optional::of))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  /** Once a second, until the node stops. */
  private void look() {
    Member node;
    boolean waits;
    synchronized (this) {
      if (stopping || member == null) {
        return;
      }
      node = member;
      waits = !arrived;
    }
    if (!waits) {
      tell();
      node.scheduler().schedule(LOOK_NANOS, this::look);
      return;
    }
    var unused =
        node.stats()
            .get()
            .thenApply(Readiness::ownProblems)
            .thenCompose(own -> own.isEmpty() ? others(node) : done(own))
            .completeOnTimeout(
                List.of("the shard loops do not answer"), LOOPS_SECONDS, TimeUnit.SECONDS)
            .exceptionally(failure -> List.of("the check failed: " + failure))
            .thenAccept(problems -> looked(node, problems));
  }

  private CompletableFuture<List<String>> others(Member node) {
    return node.cluster().get().thenApply(ClusterHealth::problems);
  }

  private static CompletableFuture<List<String>> done(List<String> problems) {
    return CompletableFuture.completedFuture(problems);
  }

  static List<String> ownProblems(HostStats stats) {
    List<String> problems = new ArrayList<>();
    add(problems, stats, r -> r.health().stopped(), "have stopped, see the log");
    add(
        problems,
        stats,
        r -> !r.health().stopped() && !r.health().knowsLeader(),
        "know of no leader");
    add(
        problems,
        stats,
        r -> !r.health().stopped() && !r.health().caughtUp(),
        "have not caught up");
    return problems;
  }

  private static void add(
      List<String> problems, HostStats stats, Predicate<ReplicaStats> which, String what) {
    long count = stats.replicas().stream().filter(which).count();
    if (count > 0) {
      problems.add("%d of %d replicas here %s".formatted(count, stats.replicas().size(), what));
    }
  }

  private void looked(Member node, List<String> problems) {
    boolean givesUp;
    synchronized (this) {
      missing = problems;
      givesUp =
          !problems.isEmpty() && node.scheduler().nanoTime() - servesSince >= patience.toNanos();
      arrived = problems.isEmpty() || givesUp;
    }
    if (givesUp) {
      LOG.warn("ready although {}: waited {} s for it", problems, patience.toSeconds());
    }
    tell();
    node.scheduler().schedule(LOOK_NANOS, this::look);
  }

  private void tell() {
    State now = state();
    synchronized (this) {
      if (told == now.ready()) {
        return;
      }
      told = now.ready();
    }
    if (now.ready()) {
      LOG.info("ready");
    } else {
      LOG.info("not ready: {}", String.join("; ", now.reasons()));
    }
    changed.accept(now.ready());
  }
}
