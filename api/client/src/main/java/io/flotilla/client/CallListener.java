package io.flotilla.client;

import java.util.Optional;

/**
 * Hears of the calls of a client, for metrics and traces; set with {@link
 * FlotillaClient.Builder#callListener}.
 *
 * <pre>{@code
 * CallListener timings = new CallListener() {
 *   @Override
 *   public void ended(Call call, End end) {
 *     timer(call.operation(), end.failure()).record(end.nanos(), NANOSECONDS);
 *   }
 * };
 * }</pre>
 *
 * <p>Events come in order, all on one thread of the client which serves nothing else. What is
 * thrown is logged and otherwise ignored. A listener that is too slow misses events: up to 8,192
 * wait for it, those beyond are dropped and counted by {@link FlotillaClient#droppedEvents()}.
 */
public interface CallListener {
  /** A call has begun. */
  default void started(Call call) {}

  /** A try of the call has ended; none is told of what was cancelled. */
  default void attempted(Call call, Attempt attempt) {}

  /** A call has ended, with whatever result. */
  default void ended(Call call, End end) {}

  /**
   * Which call it is.
   *
   * @param id unique within the client
   * @param operation as in {@code put}, {@code get}, {@code multi_get}, {@code compare_and_set}
   * @param traceparent what {@code withTraceparent} was given; empty: nothing
   */
  record Call(long id, String operation, Optional<String> traceparent) {}

  /**
   * One request to one node.
   *
   * @param shardId 0: the node was to find the shard itself
   * @param nodeId 0: only the address of the node is known
   * @param failure why it brought no result; empty: it did
   * @param nanos how long it took, in nanoseconds
   */
  record Attempt(long shardId, long nodeId, Optional<ErrorCode> failure, long nanos) {}

  /**
   * How a call ended.
   *
   * @param failure why it failed; empty: it succeeded, or the caller gave it up
   * @param outcome what it left behind; empty: it succeeded
   * @param attempts how many requests ended before
   * @param nanos how long it took, with waiting for room, in nanoseconds
   */
  record End(Optional<ErrorCode> failure, Optional<Outcome> outcome, int attempts, long nanos) {}
}
