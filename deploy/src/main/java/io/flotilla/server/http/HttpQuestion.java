package io.flotilla.server.http;

import java.util.List;
import java.util.Map;

/**
 * What a client asks for.
 *
 * @param path decoded, without the query
 * @param query parameters by name
 * @param accept the header of that name; empty: none
 */
public record HttpQuestion(String path, Map<String, List<String>> query, String accept) {
  /** Whether a parameter is there, with or without a value. */
  public boolean has(String parameter) {
    return query.containsKey(parameter);
  }
}
