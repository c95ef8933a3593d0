package io.flotilla.server.metrics;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Request.OperationCase;
import io.flotilla.router.gateway.RequestMeter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by what they ask for, who sent them, and what came of them. Any thread. */
final class RequestCounts implements RequestMeter {
  private static final String CLIENT = "client";
  private static final String NODE = "node";

  private final Map<OperationCase, Outcomes> fromClients = new EnumMap<>(OperationCase.class);
  private final Map<OperationCase, Outcomes> fromNodes = new EnumMap<>(OperationCase.class);
  private final LongAdder inFlight = new LongAdder();
  private final SlowRequests slow;

  /** Of one method and source. Its maps do not change any more. */
  private static final class Outcomes {
    final Spread times = Spread.ofTimes();
    final LongAdder good = new LongAdder();
    final Map<ErrorCode, LongAdder> errors = new EnumMap<>(ErrorCode.class);

    Outcomes() {
      for (ErrorCode code : ErrorCode.values()) {
        errors.put(code, new LongAdder());
      }
    }

    void add(Reply reply, long nanos) {
      LongAdder outcome = reply.hasError() ? errors.get(reply.getError().getCode()) : good;
      if (outcome != null) {
        outcome.increment();
      }
      times.add(nanos);
    }
  }

  RequestCounts(SlowRequests slow) {
    this.slow = slow;
    for (OperationCase method : OperationCase.values()) {
      fromClients.put(method, new Outcomes());
      fromNodes.put(method, new Outcomes());
    }
  }

  @Override
  public void began() {
    inFlight.increment();
  }

  @Override
  public void ended(Request request, Reply reply, long nanos) {
    inFlight.decrement();
    boolean passedOn = request.getContext().getForwarded();
    Outcomes outcomes = (passedOn ? fromNodes : fromClients).get(request.getOperationCase());
    if (outcomes != null) {
      outcomes.add(reply, nanos);
    }
    slow.ended(request, reply, nanos);
  }

  /** What never happened is left out, but for the successes of clients' calls. */
  void collect(Samples samples) {
    samples.gauge(Metric.REQUESTS_IN_FLIGHT, inFlight.sum());
    fromClients.forEach((method, outcomes) -> collect(samples, method, CLIENT, outcomes));
    fromNodes.forEach((method, outcomes) -> collect(samples, method, NODE, outcomes));
  }

  private static void collect(
      Samples samples, OperationCase method, String source, Outcomes outcomes) {
    boolean called = outcomes.times.sum() > 0;
    if (method == OperationCase.OPERATION_NOT_SET || (!called && source.equals(NODE))) {
      return;
    }
    samples.count(Metric.REQUESTS, outcomes.good, name(method), source, "ok");
    outcomes.errors.forEach(
        (code, count) -> {
          if (count.sum() > 0) {
            samples.count(Metric.REQUESTS, count, name(method), source, name(code));
          }
        });
    if (called) {
      samples.histogram(Metric.REQUEST_DURATION, outcomes.times, name(method), source);
    }
  }

  static String name(OperationCase method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  static String name(ErrorCode code) {
    return code.name().replace("ERROR_CODE_", "").toLowerCase(Locale.ROOT);
  }
}
