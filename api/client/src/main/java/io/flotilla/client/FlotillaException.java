package io.flotilla.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 *     case UNKNOWN     -> e.writeId().map(kv::settle).ifPresent(this::decide);
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
  private final transient @Nullable WriteId writeId;
  private final transient @Nullable DeletedRange deleted;

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
    this.writeId = null;
    this.deleted = null;
  }

  private FlotillaException(
      FlotillaException other,
      String message,
      @Nullable WriteId writeId,
      @Nullable DeletedRange deleted) {
    super(message, other);
    this.code = other.code;
    this.outcome = other.outcome;
    this.shardId = other.shardId;
    this.nodeId = other.nodeId;
    this.retryAfterMillis = other.retryAfterMillis;
    this.writeId = writeId;
    this.deleted = deleted;
  }

  /** Why the call failed. */
  public ErrorCode code() {
    return code;
  }

  /** Whether the write can have happened. For a read it is never {@link Outcome#UNKNOWN}. */
  public Outcome outcome() {
    return outcome;
  }

  /** The shard it is about; 0: not known, as before the first routes have been learned. */
  public long shardId() {
    return shardId;
  }

  /**
   * The node that reported it, or that the last try went to if none did; 0: no node was asked, or
   * only its address is known.
   */
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

  /**
   * Where the outcome is {@link Outcome#UNKNOWN}: what {@link Kv#settle} is asked with. Empty if
   * the client does not number its writes ({@link FlotillaClient.Builder#exactlyOnce}), if the call
   * was no write of keys, or if it was several.
   */
  public Optional<WriteId> writeId() {
    return Optional.ofNullable(writeId);
  }

  /** Of {@link Kv#deleteRange}: what was deleted before it failed, and what is left. */
  public Optional<DeletedRange> deleted() {
    return Optional.ofNullable(deleted);
  }

  /** The same failure in other words; this one is its cause. */
  public FlotillaException withMessage(String message) {
    return new FlotillaException(this, message, writeId, deleted);
  }

  /** The same failure of this write; for tests of applications and for the client itself. */
  public FlotillaException of(WriteId write) {
    return new FlotillaException(this, getMessage(), write, deleted);
  }

  FlotillaException after(DeletedRange done) {
    return new FlotillaException(this, getMessage(), writeId, done);
  }

  /** The same failure with the stack of the calling thread, for blocking callers. */
  FlotillaException here() {
    return withMessage(getMessage());
  }
}
