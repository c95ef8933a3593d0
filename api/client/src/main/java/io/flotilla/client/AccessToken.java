package io.flotilla.client;

import io.flotilla.router.access.Token;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * A new token for the access file of a cluster. Shown by {@link FlotillaClient.Builder#token}.
 *
 * @param text the token, to be kept secret by whoever shows it
 * @param sha256 its hash, for the access file; from it nobody can make the token
 */
public record AccessToken(String text, String sha256) {
  private static final Pattern CLUSTER = Pattern.compile("[0-9a-f]{32}");

  /**
   * Makes a token that only one cluster takes.
   *
   * @param clusterId 32 hexadecimal digits, as {@link NodeList#clusterId()}
   * @param random fit for secrets, such as {@link java.security.SecureRandom}
   */
  public static AccessToken create(String clusterId, RandomGenerator random) {
    if (!CLUSTER.matcher(clusterId).matches()) {
      throw new IllegalArgumentException("a cluster's id has 32 hexadecimal digits: " + clusterId);
    }
    Token token = Token.create(clusterId, random);
    return new AccessToken(token.text(), token.hash());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "AccessToken[sha256=" + sha256 + "]";
  }
}
