package io.flotilla.shard.kv;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Route;
import java.util.List;

/** Answers that say no. Each names its outcome and the way out. */
public final class Failures {
  private Failures() {}

  public static Reply reply(ErrorDetail error) {
    return Reply.newBuilder().setError(error).build();
  }

  public static Reply invalid(String message) {
    return rejected(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, message);
  }

  public static Reply rejected(ErrorCode code, String message) {
    return of(code, Outcome.OUTCOME_REJECTED, message);
  }

  public static Reply notApplied(ErrorCode code, String message) {
    return of(code, Outcome.OUTCOME_NOT_APPLIED, message);
  }

  public static Reply unknown(ErrorCode code, String message) {
    return of(code, Outcome.OUTCOME_UNKNOWN, message);
  }

  private static Reply of(ErrorCode code, Outcome outcome, String message) {
    return reply(
        ErrorDetail.newBuilder().setCode(code).setOutcome(outcome).setMessage(message).build());
  }

  /** The keys are not in this shard any more; the routes say what the replica knows. */
  public static Reply staleRoute(long shardId, List<Route> routes) {
    return reply(
        ErrorDetail.newBuilder()
            .setCode(ErrorCode.ERROR_CODE_STALE_ROUTE)
            .setOutcome(Outcome.OUTCOME_NOT_APPLIED)
            .setMessage("the key is not in shard " + shardId + ": ask for routes again")
            .setShardId(shardId)
            .addAllRoutes(routes)
            .build());
  }

  /** Another node leads, as far as known. */
  public static Reply notLeader(Route route) {
    long leader = route.getLeaderNodeId();
    long shardId = route.getShard().getShardId();
    return reply(
        ErrorDetail.newBuilder()
            .setCode(ErrorCode.ERROR_CODE_NOT_LEADER)
            .setOutcome(Outcome.OUTCOME_NOT_APPLIED)
            .setMessage(
                leader == 0
                    ? "shard " + shardId + " has no leader known here: try again"
                    : "shard " + shardId + " is led by node " + leader)
            .setShardId(shardId)
            .setLeaderNodeId(leader)
            .addRoutes(route)
            .build());
  }
}
