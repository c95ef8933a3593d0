package io.flotilla.router;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport that leaves nodes alone which do not answer: calls to them fail at once, as not
 * applied, with the time after which to come back. See {@link NodeBreaker}. Thread-safe.
 */
final class GuardedTransport implements NodeTransport {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTransport.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final NodeTransport network;
  private final BreakerConfig config;
  private final RouterRuntime runtime;
  private final ConcurrentMap<NodeAddress, Guard> guards = new ConcurrentHashMap<>();

  GuardedTransport(NodeTransport network, BreakerConfig config, RouterRuntime runtime) {
    this.network = network;
    this.config = config;
    this.runtime = runtime;
  }

  private final LongAdder calls = new LongAdder();
  private final LongAdder failedCalls = new LongAdder();
  private final LongAdder refusedCalls = new LongAdder();
  private final LongAdder opened = new LongAdder();

  private static final class Guard {
    final NodeBreaker breaker;
    volatile String problem = "";

    Guard(NodeBreaker breaker) {
      this.breaker = breaker;
    }
  }

  @Override
  public CompletableFuture<Reply> call(NodeAddress node, Request request, long deadlineNanos) {
    Guard guard = guard(node);
    long began = now();
    long admitted = guard.breaker.admit(began);
    if (admitted > 0) {
      refusedCalls.increment();
      return CompletableFuture.completedFuture(refusal(guard, admitted));
    }
    calls.increment();
    boolean probe = admitted == NodeBreaker.PROBE;
    CompletableFuture<Reply> answer = network.call(node, request, deadlineNanos);
    var unused =
        answer.whenComplete(
            (reply, cancelled) -> {
              if (reply == null) {
                failed(node, guard, began, probe, false, "its answers were not waited for");
              } else {
                ended(node, guard, began, probe, reply);
              }
            });
    return answer;
  }

  private Reply refusal(Guard guard, long waitNanos) {
    ErrorDetail error =
        Failures.notApplied(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "left alone after " + guard.breaker.failures() + " failures: " + guard.problem)
            .getError();
    return Failures.of(error.toBuilder().setRetryAfterMillis(millis(waitNanos)).build());
  }

  private void ended(NodeAddress node, Guard guard, long began, boolean probe, Reply reply) {
    ErrorDetail error = reply.getError();
    boolean own = reply.hasError() && error.getNodeId() == 0;
    boolean broke = own && error.getCode() == ErrorCode.ERROR_CODE_UNAVAILABLE;
    boolean late = own && error.getCode() == ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED;
    if (broke || late) {
      failed(node, guard, began, probe, broke, error.getMessage());
    } else if (!own || error.getCode() != ErrorCode.ERROR_CODE_OVERLOADED) {
      // A full queue of our own says nothing about the node.
      guard.breaker.answered();
    }
  }

  private void failed(
      NodeAddress node, Guard guard, long began, boolean probe, boolean broke, String problem) {
    failedCalls.increment();
    if (!broke && network.heardSince(node, guard.breaker.silentSince(began))) {
      guard.breaker.answered();
      return;
    }
    guard.problem = problem;
    if (guard.breaker.failed(began, broke, probe, now())) {
      opened.increment();
      LOG.debug("{} is left alone: {}", node, problem);
      if (!broke) {
        network.reconnect(node);
      }
    }
  }

  /** After how many milliseconds a call to the node would be let through; 0: now. */
  int retryAfterMillis(NodeAddress node) {
    Guard guard = guards.get(node);
    return guard == null ? 0 : millis(guard.breaker.waitNanos(now()));
  }

  @Override
  public boolean heardSince(NodeAddress node, long nanos) {
    return network.heardSince(node, nanos);
  }

  @Override
  public void reconnect(NodeAddress node) {
    network.reconnect(node);
  }

  @Override
  public void retain(Set<NodeAddress> nodes) {
    guards.keySet().retainAll(nodes);
    network.retain(nodes);
  }

  RouterCounts counts(long retries) {
    int open = (int) guards.values().stream().filter(guard -> guard.breaker.isOpen()).count();
    return new RouterCounts(
        calls.sum(), failedCalls.sum(), refusedCalls.sum(), retries, opened.sum(), open);
  }

  /** How many nodes something is kept of. */
  int size() {
    return guards.size();
  }

  @Override
  public void close() {
    network.close();
  }

  private Guard guard(NodeAddress node) {
    Guard guard = guards.get(node);
    return guard != null
        ? guard
        : guards.computeIfAbsent(
            node, address -> new Guard(new NodeBreaker(config, runtime.jitter())));
  }

  private long now() {
    return runtime.scheduler().nanoTime();
  }

  private static int millis(long nanos) {
    return (int) ((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
  }
}
