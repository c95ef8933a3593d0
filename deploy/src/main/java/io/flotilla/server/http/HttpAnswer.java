package io.flotilla.server.http;

import java.nio.charset.StandardCharsets;

/**
 * What a client gets.
 *
 * @param status of HTTP
 * @param contentType with the charset, if it is text
 * @param body bytes; not changed any more
 */
public record HttpAnswer(int status, String contentType, byte[] body) {
  /** Text. */
  public static HttpAnswer text(int status, String text) {
    return new HttpAnswer(
        status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON that is written already. */
  public static HttpAnswer json(int status, String json) {
    return new HttpAnswer(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
