package io.flotilla.cli;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * An address as people write it: {@code HOST:PORT}, with brackets around an IPv6 host.
 *
 * @param host name or number, without brackets
 * @param port 0 to 65535
 */
public record HostPort(String host, int port) {
  /**
   * Reads one address.
   *
   * @throws IllegalArgumentException with what is wrong with the text, naming it
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' has no port; HOST:PORT is wanted");
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("'" + text + "': an IPv6 host is written as [HOST]:PORT");
    }
    if (host.isBlank() || host.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("'" + text + "' has no host; HOST:PORT is wanted");
    }
    return new HostPort(host, port(text, text.substring(colon + 1)));
  }

  /**
   * Reads addresses with commas between them; spaces around them do not matter, and an address that
   * stands twice counts once.
   */
  public static List<HostPort> parseList(String text) {
    LinkedHashSet<HostPort> addresses = new LinkedHashSet<>();
    Arrays.stream(text.split(",", -1))
        .map(String::trim)
        .map(HostPort::parse)
        .forEach(addresses::add);
    return List.copyOf(addresses);
  }

  private static int port(String text, String digits) {
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message that also covers numbers out of bounds.
    }
    throw new IllegalArgumentException(
        "'" + text + "': the port '" + digits + "' is not a number from 0 to 65535");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
