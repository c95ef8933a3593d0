package io.flotilla.client;

import java.time.Duration;
import java.util.Objects;

/**
 * A call failed. {@link #code()} says why, {@link #outcome()} what it left behind, the message what
 * to do about it.
 *
 * <pre>{@code
 * try {
 *   kv.put(key, value);
 * } catch (FlotillaException e) {
 *   switch (e.outcome()) {
 *     case NOT_APPLIED -> tryLater();
 *     case UNKNOWN     -> readAndDecide();
 *     case REJECTED    -> throw e;
 *   }
 * }
 * }</pre>
 */
public final class FlotillaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorCode code;
  private final Outcome outcome;
  private final long shardId;
  private final long nodeId;
  private final long retryAfterMillis;

  /** For tests of applications and for the client itself. Ids are 0 where they are not known. */
  public FlotillaException(
      ErrorCode code, Outcome outcome, String message, long shardId, long nodeId) {
    this(code, outcome, message, shardId, nodeId, 0);
  }

  FlotillaException(
      ErrorCode code,
      Outcome outcome,
      String message,
      long shardId,
      long nodeId,
      long retryAfterMillis) {
    super(message);
    this.code = code;
    this.outcome = outcome;
    this.shardId = shardId;
    this.nodeId = nodeId;
    this.retryAfterMillis = retryAfterMillis;
  }

  /** Why the call failed. */
  public ErrorCode code() {
    return code;
  }

  /** Whether the write can have happened. For a read it is never {@link Outcome#UNKNOWN}. */
  public Outcome outcome() {
    return outcome;
  }

  /** The shard it is about; 0: not known. */
  public long shardId() {
    return shardId;
  }

  /** The node that reported it; 0: the client itself or not known. */
  public long nodeId() {
    return nodeId;
  }

  /** How long to wait before the next try, as advised by who refused; zero: nothing is known. */
  public Duration retryAfter() {
    return Duration.ofMillis(retryAfterMillis);
  }

  /** What went wrong and what to do. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** The same failure with the stack of the calling thread, for blocking callers. */
  FlotillaException here() {
    FlotillaException copy =
        new FlotillaException(code, outcome, getMessage(), shardId, nodeId, retryAfterMillis);
    copy.initCause(this);
    return copy;
  }
}
