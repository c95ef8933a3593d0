package io.flotilla.server.cert;

import io.flotilla.router.tls.CertificateNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** Signs certificates. Not thread-safe. */
public final class Authority {
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 127;

  /** Clocks differ a little. */
  private static final Duration EARLIER = Duration.ofMinutes(5);

  private final Issued own;
  private final SecureRandom random;

  /** An authority that exists. */
  public Authority(Issued own, SecureRandom random) {
    this.own = own;
    this.random = random;
  }

  /** A new one, which signs itself. */
  public static Authority create(String name, Instant now, Duration validity, SecureRandom random) {
    KeyPair keys = keys(random);
    X500Principal subject = subject(name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            serial(random),
            Date.from(now.minus(EARLIER)),
            Date.from(now.plus(validity)),
            subject,
            keys.getPublic());
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate())));
      return new Authority(new Issued(certificate, keys.getPrivate()), random);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this Java cannot sign certificates", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The authority's own certificate and key. */
  public Issued own() {
    return own;
  }

  /**
   * A certificate for a node, which serves and calls.
   *
   * @param name of it, for people
   * @param hosts names and addresses that it is dialled at
   */
  public Issued node(String name, List<String> hosts, Instant now, Duration validity) {
    List<GeneralName> names = new ArrayList<>();
    for (String host : hosts) {
      boolean numeric = IPAddress.isValid(host);
      names.add(new GeneralName(numeric ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, CertificateNames.NODE));
    return sign(
        subject(name),
        names,
        List.of(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth),
        now,
        validity);
  }

  /** A certificate for a client: its principal is the name. */
  public Issued client(String name, Instant now, Duration validity) {
    return sign(subject(name), List.of(), List.of(KeyPurposeId.id_kp_clientAuth), now, validity);
  }

  /** A certificate with the names and purposes of another one, and a new key. */
  public Issued renew(X509Certificate old, Instant now, Duration validity) {
    try {
      List<GeneralName> names = new ArrayList<>();
      if (old.getSubjectAlternativeNames() != null) {
        for (List<?> name : old.getSubjectAlternativeNames()) {
          names.add(new GeneralName((Integer) name.get(0), String.valueOf(name.get(1))));
        }
      }
      List<KeyPurposeId> purposes = new ArrayList<>();
      if (old.getExtendedKeyUsage() != null) {
        for (String purpose : old.getExtendedKeyUsage()) {
          purposes.add(KeyPurposeId.getInstance(new ASN1ObjectIdentifier(purpose)));
        }
      }
      return sign(old.getSubjectX500Principal(), names, purposes, now, validity);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the old certificate cannot be read", e);
    }
  }

  private Issued sign(
      X500Principal subject,
      List<GeneralName> names,
      List<KeyPurposeId> purposes,
      Instant now,
      Duration validity) {
    KeyPair keys = keys(random);
    Instant end = now.plus(validity);
    Instant last = own.certificate().getNotAfter().toInstant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            own.certificate(),
            serial(random),
            Date.from(now.minus(EARLIER)),
            Date.from(end.isAfter(last) ? last : end),
            subject,
            keys.getPublic());
    try {
      addExtensions(builder, keys.getPublic(), names, purposes);
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(SIGNATURE).build(own.key())));
      return new Issued(certificate, keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("the CA's key cannot sign", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addExtensions(
      JcaX509v3CertificateBuilder builder,
      PublicKey key,
      List<GeneralName> names,
      List<KeyPurposeId> purposes)
      throws GeneralSecurityException, IOException {
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    add(builder, Extension.basicConstraints, true, new BasicConstraints(false));
    add(builder, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    if (!purposes.isEmpty()) {
      KeyPurposeId[] all = purposes.toArray(KeyPurposeId[]::new);
      add(builder, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(all));
    }
    if (!names.isEmpty()) {
      GeneralNames all = new GeneralNames(names.toArray(GeneralName[]::new));
      add(builder, Extension.subjectAlternativeName, false, all);
    }
    add(
        builder,
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(key));
    add(
        builder,
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
  }

  private static void add(
      JcaX509v3CertificateBuilder builder,
      ASN1ObjectIdentifier kind,
      boolean critical,
      ASN1Encodable value)
      throws IOException {
    builder.addExtension(kind, critical, value);
  }

  private static X500Principal subject(String name) {
    return new X500Principal("CN=\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
  }

  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }

  private static KeyPair keys(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java makes no EC keys", e);
    }
  }
}
