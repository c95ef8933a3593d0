package io.flotilla.router.gateway;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers unary methods through the gateway. */
final class UnaryCall {
  private static final Logger LOG = LoggerFactory.getLogger(UnaryCall.class);

  private UnaryCall() {}

  static <T> void answer(
      Gateway gateway, Request request, Function<Reply, T> result, StreamObserver<T> to) {
    var unused =
        gateway
            .handle(traced(timed(request)))
            .thenAccept(
                reply -> {
                  try {
                    if (reply.hasError()) {
                      to.onError(StatusMapper.toException(reply.getError()));
                    } else {
                      to.onNext(result.apply(reply));
                      to.onCompleted();
                    }
                  } catch (RuntimeException e) {
                    LOG.debug("Caller left before the answer", e);
                  }
                });
  }

  /** A trace in the headers counts where the request names none. */
  private static Request traced(Request request) {
    String trace = TraceHeader.current();
    if (trace.isEmpty() || !request.getContext().getTraceparent().isEmpty()) {
      return request;
    }
    Context context = request.getContext().toBuilder().setTraceparent(trace).build();
    return request.toBuilder().setContext(context).build();
  }

  /** A deadline of gRPC counts where the request says nothing. */
  private static Request timed(Request request) {
    Deadline deadline = io.grpc.Context.current().getDeadline();
    if (deadline == null || request.getContext().getTimeoutMillis() != 0) {
      return request;
    }
    long millis = Math.max(1, deadline.timeRemaining(TimeUnit.MILLISECONDS));
    Context context =
        request.getContext().toBuilder()
            .setTimeoutMillis((int) Math.min(millis, Integer.MAX_VALUE))
            .build();
    return request.toBuilder().setContext(context).build();
  }
}
