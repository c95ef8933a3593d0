package io.flotilla.router.access;

import io.grpc.Context;
import java.util.List;
import java.util.Optional;

/**
 * Who a call says it comes from, and by what. It is believed anew for each request, because tables
 * change and certificates and tokens end.
 *
 * @param name as it was when the call began
 * @param from address of the other side
 * @param certificateNames what the certificate names; empty: it is believed by a token
 * @param tokenHash of the token; empty: it is believed by a certificate
 * @param untilMillis end of the certificate, in milliseconds since 1970
 */
record Caller(
    String name, String from, List<String> certificateNames, String tokenHash, long untilMillis) {
  static final Context.Key<Caller> KEY = Context.key("flotilla-caller");

  /** Who it is now; empty: nobody any more. */
  Optional<Principal> in(AccessTable table, long nowMillis) {
    if (!tokenHash.isEmpty()) {
      return table.ofToken(tokenHash, nowMillis);
    }
    return nowMillis < untilMillis ? table.ofCertificate(certificateNames) : Optional.empty();
  }
}
