package io.flotilla.router.access;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who there is. Immutable. */
public final class AccessTable {
  private final Map<String, Principal> byCertificate = new HashMap<>();
  private final Map<String, Known> byToken = new HashMap<>();

  /** A token that is known here. */
  private record Known(Principal principal, long untilMillis) {}

  /**
   * A table of principals.
   *
   * @throws IllegalArgumentException if a certificate's name or a token stands for two
   */
  public AccessTable(Collection<Principal> principals) {
    for (Principal principal : principals) {
      for (String name : principal.certificates()) {
        Principal before = byCertificate.put(name, principal);
        if (before != null) {
          throw new IllegalArgumentException(
              "the certificate name '%s' stands for %s and for %s"
                  .formatted(name, before.name(), principal.name()));
        }
      }
      principal
          .tokens()
          .forEach(
              (hash, until) -> {
                if (byToken.put(hash, new Known(principal, until)) != null) {
                  throw new IllegalArgumentException(
                      "a token of %s stands there twice".formatted(principal.name()));
                }
              });
    }
  }

  /** Whom a certificate with these names stands for: the first that is known. */
  Optional<Principal> ofCertificate(List<String> names) {
    return names.stream()
        .flatMap(name -> Optional.ofNullable(byCertificate.get(name)).stream())
        .findFirst();
  }

  /** Whom a token stands for; empty: nobody, or nobody any more. */
  Optional<Principal> ofToken(String hash, long nowMillis) {
    Known known = byToken.get(hash);
    return known == null || known.untilMillis() <= nowMillis
        ? Optional.empty()
        : Optional.of(known.principal());
  }
}
