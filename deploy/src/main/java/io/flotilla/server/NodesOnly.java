package io.flotilla.server;

import io.flotilla.router.tls.CertificateNames;
import io.flotilla.router.tls.PeerCertificate;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Lets nobody in who does not show the certificate of a node. */
final class NodesOnly implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Optional<X509Certificate> shown = PeerCertificate.of(call.getAttributes());
    if (shown.map(CertificateNames::of).filter(CertificateNames::isNode).isPresent()) {
      return next.startCall(call, headers);
    }
    String who =
        shown
            .map(
                certificate -> "the certificate of '" + certificate.getSubjectX500Principal() + "'")
            .orElse("no certificate");
    call.close(
        Status.PERMISSION_DENIED.withDescription(
            "this port is for nodes: "
                + who
                + " is not a node's, which names "
                + CertificateNames.NODE),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
