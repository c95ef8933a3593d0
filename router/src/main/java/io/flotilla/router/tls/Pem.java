package io.flotilla.router.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as text. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private static final String PROBE = "flotilla";

  private Pem() {}

  /** At least one certificate, in the order of the file. */
  static List<X509Certificate> certificates(Path file, String text) throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (block.find()) {
        if (block.group(1).equals("CERTIFICATE")) {
          Certificate certificate =
              factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2))));
          found.add((X509Certificate) certificate);
        }
      }
    } catch (CertificateException | IllegalArgumentException e) {
      throw new TlsException(file + " has a damaged certificate: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new TlsException(file + " has no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    }
    return found;
  }

  /** The key that belongs to a certificate. */
  static PrivateKey key(Path file, String text, X509Certificate certificate) throws TlsException {
    Matcher block = BLOCK.matcher(text);
    String other = "no key in PEM (-----BEGIN PRIVATE KEY-----)";
    while (block.find()) {
      if (block.group(1).equals("PRIVATE KEY")) {
        return key(file, decodeKey(file, block.group(2)), certificate);
      }
      if (block.group(1).endsWith("PRIVATE KEY")) {
        other =
            "a key of the form '%s': write it as PKCS #8, without a password"
                    .formatted(block.group(1))
                + " ('openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW')";
      }
    }
    throw new TlsException(file + " has " + other);
  }

  private static byte[] decodeKey(Path file, String base64) throws TlsException {
    try {
      return decode(base64);
    } catch (IllegalArgumentException e) {
      throw new TlsException(file + " has a damaged key", e);
    }
  }

  private static PrivateKey key(Path file, byte[] encoded, X509Certificate certificate)
      throws TlsException {
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      PrivateKey key =
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (!belongTogether(key, certificate.getPublicKey())) {
        throw new TlsException(file + " is not the key of the certificate: one of them is older");
      }
      return key;
    } catch (InvalidKeySpecException e) {
      throw new TlsException(
          "%s is no %s key, as the certificate has one".formatted(file, algorithm), e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TlsException(file + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static boolean belongTogether(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String method =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    Signature signature = Signature.getInstance(method);
    signature.initSign(key);
    signature.update(PROBE.getBytes(StandardCharsets.UTF_8));
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE.getBytes(StandardCharsets.UTF_8));
    return signature.verify(signed);
  }

  private static byte[] decode(String base64) {
    return Base64.getMimeDecoder().decode(base64);
  }
}
