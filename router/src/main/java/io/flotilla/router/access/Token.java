package io.flotilla.router.access;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller shows instead of a certificate: {@code flotilla.CLUSTER.SECRET}, where the secret
 * is 256 random bits. It is bound to one cluster, which keeps only its hash.
 *
 * @param cluster id of the cluster, hexadecimal
 * @param text the whole token, to be kept secret
 */
public record Token(String cluster, String text) {
  private static final String BEGIN = "flotilla.";
  private static final int SECRET_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile("flotilla\\.([0-9a-f]{32})\\.([A-Za-z0-9_-]{43})");

  /** A new one; the generator must be fit for secrets. */
  public static Token create(String clusterHex, RandomGenerator secure) {
    byte[] secret = new byte[SECRET_BYTES];
    secure.nextBytes(secret);
    String tail = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new Token(clusterHex, BEGIN + clusterHex + "." + tail);
  }

  /** Empty if the text is no token. */
  static Optional<Token> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches() ? Optional.of(new Token(form.group(1), text)) : Optional.empty();
  }

  /** SHA-256 of the text, hexadecimal; a random secret needs no slower hash. */
  public String hash() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  boolean isOf(ByteString clusterId) {
    return cluster.equals(HexFormat.of().formatHex(clusterId.toByteArray()));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return BEGIN + cluster + ".…";
  }
}
