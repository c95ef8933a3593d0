package io.flotilla.router.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import java.util.function.Supplier;

/**
 * What a connection is protected by and what its calls show. Both are asked anew, so that new
 * certificates and tokens need no restart. Thread-safe, and quick: called while others wait.
 *
 * @param credentials of a new connection
 * @param token that each call shows; empty: none
 */
public record ConnectionSecurity(Supplier<ChannelCredentials> credentials, Supplier<String> token) {

  /** Nothing at all. */
  public static ConnectionSecurity plaintext() {
    return new ConnectionSecurity(InsecureChannelCredentials::create, () -> "");
  }
}
