package io.flotilla.server.metrics;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Request.OperationCase;
import io.flotilla.router.gateway.RequestMeter;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by what they ask for, who sent them, and what came of them. Any thread. */
final class RequestCounts implements RequestMeter {
  private static final OperationCase[] METHODS = OperationCase.values();
  private static final ErrorCode[] CODES = ErrorCode.values();
  private static final String[] SOURCES = {"client", "node"};

  /** By source, method and outcome: first ok, then the codes in their order. */
  private final LongAdder[][][] outcomes =
      new LongAdder[SOURCES.length][METHODS.length][CODES.length + 1];

  private final Spread[][] times = new Spread[SOURCES.length][METHODS.length];
  private final LongAdder inFlight = new LongAdder();
  private final SlowRequests slow;

  RequestCounts(SlowRequests slow) {
    this.slow = slow;
    for (int source = 0; source < SOURCES.length; source++) {
      for (int method = 0; method < METHODS.length; method++) {
        times[source][method] = Spread.ofTimes();
        for (int outcome = 0; outcome <= CODES.length; outcome++) {
          outcomes[source][method][outcome] = new LongAdder();
        }
      }
    }
  }

  @Override
  public void began() {
    inFlight.increment();
  }

  @Override
  public void ended(Request request, Reply reply, long nanos) {
    inFlight.decrement();
    int source = request.getContext().getForwarded() ? 1 : 0;
    int method = request.getOperationCase().ordinal();
    int outcome = reply.hasError() ? 1 + reply.getError().getCode().ordinal() : 0;
    outcomes[source][method][outcome].increment();
    times[source][method].add(nanos);
    slow.ended(request, reply, nanos);
  }

  /** Methods that were never called are left out, but for the successes of clients' calls. */
  void collect(Samples samples) {
    samples.gauge(Metric.REQUESTS_IN_FLIGHT, inFlight.sum());
    for (int source = 0; source < SOURCES.length; source++) {
      for (OperationCase method : METHODS) {
        if (method != OperationCase.OPERATION_NOT_SET) {
          collect(samples, source, method);
        }
      }
    }
  }

  private void collect(Samples samples, int source, OperationCase method) {
    boolean called = false;
    for (int outcome = 0; outcome <= CODES.length; outcome++) {
      long count = outcomes[source][method.ordinal()][outcome].sum();
      called |= count > 0;
      if (count > 0 || (source == 0 && outcome == 0)) {
        samples.count(Metric.REQUESTS, count, name(method), SOURCES[source], outcomeName(outcome));
      }
    }
    if (called) {
      samples.histogram(
          Metric.REQUEST_DURATION, times[source][method.ordinal()], name(method), SOURCES[source]);
    }
  }

  static String name(OperationCase method) {
    return method.name().toLowerCase(Locale.ROOT);
  }

  private static String outcomeName(int outcome) {
    return outcome == 0 ? "ok" : name(CODES[outcome - 1]);
  }

  static String name(ErrorCode code) {
    return code.name().replace("ERROR_CODE_", "").toLowerCase(Locale.ROOT);
  }
}
