package io.flotilla.router.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Whom a certificate names: its common name, then its alternative names (DNS, IP, URI, e-mail).
 *
 * @param names in order, each once
 * @param isNode whether it is a node's: an alternative name says so, a common name does not count
 */
public record CertificateNames(Set<String> names, boolean isNode) {
  /** The URI that makes a certificate one of a node. */
  public static final String NODE = "flotilla://node";

  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  /** Reads the names. */
  public static CertificateNames of(X509Certificate certificate) {
    Set<String> names = new LinkedHashSet<>();
    String common = commonName(certificate);
    boolean node = false;
    if (common != null) {
      names.add(common);
    }
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          add(names, name);
          node |= name.get(0).equals(URI) && NODE.equals(name.get(1));
        }
      }
    } catch (CertificateParsingException e) {
      // A name that cannot be read names nobody.
      return new CertificateNames(Set.of(), false);
    }
    return new CertificateNames(names, node);
  }

  private static void add(Set<String> names, List<?> alternative) {
    if (alternative.get(0) instanceof Integer kind
        && (kind == EMAIL || kind == DNS || kind == URI || kind == IP)
        && alternative.get(1) instanceof String name) {
      names.add(name);
    }
  }

  private static @Nullable String commonName(X509Certificate certificate) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
      return null;
    } catch (InvalidNameException e) {
      return null;
    }
  }
}
