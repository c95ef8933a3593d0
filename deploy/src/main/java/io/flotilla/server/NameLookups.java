package io.flotilla.server;

import java.security.Security;

/**
 * How long this process believes what it was told of a name. By default that is 30 s for an address
 * and 10 s for a failure, in Java and once more in gRPC; where a node comes back under its name
 * with another address, as in containers, others would not find it for so long.
 */
final class NameLookups {
  private static final String FOUND = "networkaddress.cache.ttl";
  private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";
  private static final String SECONDS = "2";

  private NameLookups() {}

  /** To be called before the first look-up. */
  static void keepShortly() {
    Security.setProperty(FOUND, SECONDS);
    Security.setProperty(NOT_FOUND, "0");
    System.setProperty(FOUND, SECONDS); // gRPC's
  }
}
