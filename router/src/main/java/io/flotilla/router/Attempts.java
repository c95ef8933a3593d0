package io.flotilla.router;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.router.TargetChooser.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one call so far, and so what its failure must say.
 *
 * <p>Once a try ended with an unknown outcome, so does the call, whatever later tries say: the
 * first may still be applied. Synchronized because a call can be aborted while a reply comes in.
 */
final class Attempts {
  private static final int MAX_PROBLEMS = 16;
  private static final int MAX_DEFECTS = 2;
  private static final int MAX_PATIENCE_DOUBLINGS = 4;

  private final RouterConfig config;
  private final RouterRuntime runtime;
  private final boolean read;
  private final long begun;

  private final Map<String, String> problems = new LinkedHashMap<>();
  private int sent;
  private int pauses;
  private int silences;
  private int defects;
  private boolean underWay;
  private boolean uncertain;
  private long lastShard;
  private long lastNode;
  private @Nullable ErrorDetail last;

  Attempts(RouterConfig config, RouterRuntime runtime, boolean read) {
    this.config = config;
    this.runtime = runtime;
    this.read = read;
    this.begun = runtime.scheduler().nanoTime();
  }

  /**
   * A try goes to a node for a shard; 0 where the node is to find the shard, or has no known id.
   */
  synchronized int sent(long shardId, Target target) {
    sent++;
    underWay = true;
    lastShard = shardId == 0 ? lastShard : shardId;
    lastNode = target.nodeId();
    return sent;
  }

  boolean exhausted() {
    return sent >= config.maxAttempts();
  }

  /** How long the next try may take. */
  long patience() {
    return config.attemptNanos() << Math.min(silences, MAX_PATIENCE_DOUBLINGS);
  }

  /** How long to wait before the next try. */
  long backoffNanos(int adviceMillis) {
    pauses++;
    long jittered = config.backoff().delayNanos(pauses, runtime.jitter());
    return Math.max(jittered, adviceMillis * 1_000_000L);
  }

  synchronized void failed(Target target, ErrorDetail error) {
    last = error;
    underWay = false;
    if (error.getOutcome() == Outcome.OUTCOME_UNKNOWN && !read) {
      uncertain = true;
    }
    if (error.getCode() == ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED) {
      silences++;
    }
    note(target.toString(), error.getMessage().isEmpty() ? name(error) : error.getMessage());
  }

  /** No node of the shard can be asked for so long. */
  synchronized void leftAlone(long shardId, int retryAfterMillis) {
    lastShard = shardId;
    ErrorDetail.Builder error =
        last != null
            ? last.toBuilder()
            : Failures.notApplied(ErrorCode.ERROR_CODE_UNAVAILABLE, "").getError().toBuilder();
    last = error.setRetryAfterMillis(retryAfterMillis).build();
    if (problems.isEmpty()) {
      note("nodes", "none of the shard can be reached, asked again in " + retryAfterMillis + " ms");
    }
  }

  synchronized void noRoute(String problem, boolean refused) {
    ErrorCode code =
        refused ? ErrorCode.ERROR_CODE_UNAUTHENTICATED : ErrorCode.ERROR_CODE_UNAVAILABLE;
    last = Failures.notApplied(code, "no route to the key").getError();
    note("routes", problem.isEmpty() ? "no node knows the shard" : problem);
  }

  boolean mayTryDefectAgain() {
    return ++defects <= MAX_DEFECTS;
  }

  /** What a try is worth that got no answer. */
  Reply late(Target target) {
    return read
        ? Failures.notApplied(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, target + " did not answer")
        : Failures.unknown(ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED, target + " did not answer");
  }

  /** The end of a call that could have been tried again. */
  synchronized Reply giveUp(ErrorCode otherwise, String why) {
    long millis = (runtime.scheduler().nanoTime() - begun) / 1_000_000;
    uncertain |= underWay && !read;
    ErrorDetail.Builder error =
        last == null ? ErrorDetail.newBuilder().setCode(otherwise) : last.toBuilder();
    return Failures.of(
        located(error)
            .setOutcome(uncertain ? Outcome.OUTCOME_UNKNOWN : Outcome.OUTCOME_NOT_APPLIED)
            .clearRoutes()
            .setMessage(
                "gave up after "
                    + millis
                    + " ms and "
                    + sent
                    + (sent == 1 ? " try: " : " tries: ")
                    + (problems.isEmpty() ? why : why + ". " + String.join("; ", problems()))
                    + advice())
            .build());
  }

  /** The end of a call that a repetition would not help. */
  Reply rejected(ErrorCode code, String message) {
    return surfaced(Failures.rejected(code, message).getError());
  }

  /** An answer that ends the call, as it is unless an earlier try is still open. */
  synchronized Reply surfaced(ErrorDetail error) {
    ErrorDetail.Builder end = located(error.toBuilder());
    if (read && error.getOutcome() == Outcome.OUTCOME_UNKNOWN) {
      return Failures.of(end.setOutcome(Outcome.OUTCOME_NOT_APPLIED).build());
    }
    if (!uncertain || error.getOutcome() == Outcome.OUTCOME_UNKNOWN) {
      return Failures.of(end.build());
    }
    return Failures.of(
        end.setOutcome(Outcome.OUTCOME_UNKNOWN)
            .setMessage(
                error.getMessage()
                    + "; an earlier try of the same write may have been applied"
                    + advice())
            .build());
  }

  /** Says of the last try where it went, if the error does not say where it comes from. */
  private ErrorDetail.Builder located(ErrorDetail.Builder error) {
    if (error.getShardId() == 0) {
      error.setShardId(lastShard);
    }
    if (error.getNodeId() == 0) {
      error.setNodeId(lastNode);
    }
    return error;
  }

  private List<String> problems() {
    List<String> lines = new ArrayList<>();
    problems.forEach((who, what) -> lines.add(who + ": " + what));
    return lines;
  }

  private String advice() {
    return uncertain ? ". The write may or may not have happened: read before you write again" : "";
  }

  private void note(String who, String what) {
    if (problems.size() < MAX_PROBLEMS || problems.containsKey(who)) {
      problems.put(who, what);
    }
  }

  private static String name(ErrorDetail error) {
    return error.getCode().name().substring("ERROR_CODE_".length());
  }
}
