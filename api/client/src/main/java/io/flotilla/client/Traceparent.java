package io.flotilla.client;

import java.util.regex.Pattern;

/** Checks the header of W3C Trace Context, level 1, section 3.2. */
final class Traceparent {
  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private Traceparent() {}

  static String checked(String header) {
    if (!FORM.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "a traceparent is VERSION-TRACE-PARENT-FLAGS in lower-case hexadecimal digits, as in"
              + " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, not: "
              + header);
    }
    return header;
  }
}
