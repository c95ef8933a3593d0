package io.flotilla.router.access;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.AdminGrpc;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.flotilla.router.tls.CertificateNames;
import io.flotilla.router.tls.PeerCertificate;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds out who calls: by a token if one is shown, else by the certificate of the connection. Lets
 * only those in who are in the table, and asks of methods that no {@link Guard} sees what they
 * need.
 */
public final class CallerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final String BEARER = "bearer ";
  private static final String HEALTH = "grpc.health.v1.";

  /** Answered from what the node knows, and so by no request that goes on. */
  private static final Set<String> FOR_OPERATORS =
      Set.of(
          AdminGrpc.getListShardsMethod().getFullMethodName(),
          AdminGrpc.getListNodesMethod().getFullMethodName());

  private final Supplier<AccessTable> tables;
  private final Supplier<ByteString> clusterId;
  private final LongSupplier wallMillis;

  /**
   * An interceptor of a port for clients.
   *
   * @param tables the newest table
   * @param clusterId of this cluster; empty while there is none
   * @param wallMillis milliseconds since 1970
   */
  public CallerInterceptor(
      Supplier<AccessTable> tables, Supplier<ByteString> clusterId, LongSupplier wallMillis) {
    this.tables = tables;
    this.clusterId = clusterId;
    this.wallMillis = wallMillis;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (method.startsWith(HEALTH)) {
      return next.startCall(call, headers);
    }
    try {
      Caller caller = authenticate(call, headers);
      if (FOR_OPERATORS.contains(method)) {
        check(caller, method);
      }
      return Contexts.interceptCall(
          Context.current().withValue(Caller.KEY, caller), call, headers, next);
    } catch (StatusRuntimeException e) {
      Metadata trailers = e.getTrailers();
      call.close(e.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }

  private Caller authenticate(ServerCall<?, ?> call, Metadata headers) {
    String shown = headers.get(AUTHORIZATION);
    String from =
        String.valueOf((SocketAddress) call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    return shown != null
        ? byToken(shown, from)
        : byCertificate(PeerCertificate.of(call.getAttributes()), from);
  }

  private Caller byToken(String shown, String from) {
    if (!shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw unknown("the authorization is no bearer token");
    }
    Token token =
        Token.parse(shown.substring(BEARER.length()).trim())
            .orElseThrow(() -> unknown("what was shown is no token of Flotilla"));
    if (!token.isOf(clusterId.get())) {
      throw unknown(
          "the token is of another cluster (%s)".formatted(token.cluster().substring(0, 8) + "…"));
    }
    String hash = token.hash();
    Principal principal =
        tables
            .get()
            .ofToken(hash, wallMillis.getAsLong())
            .orElseThrow(() -> unknown("the token is not in the access file, or has expired"));
    return new Caller(principal.name(), from, List.of(), hash, 0);
  }

  private Caller byCertificate(Optional<X509Certificate> shown, String from) {
    X509Certificate certificate =
        shown.orElseThrow(
            () ->
                unknown(
                    "neither a certificate nor a token was shown (--certificate and --key, or"
                        + " --token-file)"));
    List<String> names = List.copyOf(CertificateNames.of(certificate).names());
    Principal principal =
        tables
            .get()
            .ofCertificate(names)
            .orElseThrow(
                () ->
                    unknown(
                        "the certificate names %s, who is not in the access file"
                            .formatted(names)));
    return new Caller(
        principal.name(), from, names, "", certificate.getNotAfter().toInstant().toEpochMilli());
  }

  private void check(Caller caller, String method) {
    Principal principal =
        caller
            .in(tables.get(), wallMillis.getAsLong())
            .orElseThrow(() -> unknown("the caller is not known any more"));
    if (!Need.OPERATOR.isMetBy(principal)) {
      throw failure(
          ErrorCode.ERROR_CODE_PERMISSION_DENIED,
          io.grpc.Status.Code.PERMISSION_DENIED,
          "%s needs the role operator (%s has: %s)"
              .formatted(
                  method.substring(method.indexOf('/') + 1), principal.name(), principal.grants()));
    }
  }

  private static StatusRuntimeException unknown(String message) {
    return failure(
        ErrorCode.ERROR_CODE_UNAUTHENTICATED, io.grpc.Status.Code.UNAUTHENTICATED, message);
  }

  private static StatusRuntimeException failure(
      ErrorCode code, io.grpc.Status.Code status, String message) {
    ErrorDetail detail =
        ErrorDetail.newBuilder()
            .setCode(code)
            .setOutcome(Outcome.OUTCOME_REJECTED)
            .setMessage(message)
            .build();
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(status.value())
            .setMessage(message)
            .addDetails(Any.pack(detail))
            .build());
  }
}
