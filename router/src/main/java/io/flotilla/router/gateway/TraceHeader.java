package io.flotilla.router.gateway;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Keeps the header {@code traceparent} of a call, which instrumented clients send, for requests
 * that name no trace themselves.
 */
public final class TraceHeader implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<String> TRACE = Context.keyWithDefault("traceparent", "");

  /** Of W3C Trace Context, with room for later versions. */
  private static final int MAX_LENGTH = 128;

  /** The header of the call under way; empty: it had none. */
  static String current() {
    return TRACE.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String trace = headers.get(HEADER);
    return trace == null || trace.length() > MAX_LENGTH
        ? next.startCall(call, headers)
        : Contexts.interceptCall(Context.current().withValue(TRACE, trace), call, headers, next);
  }
}
