package io.flotilla.server.http;

import java.time.Duration;

/**
 * Bounds of a server.
 *
 * @param maxConnections open at one time; more are closed at once
 * @param maxLineBytes of the first line of a request
 * @param maxHeaderBytes of all headers of a request
 * @param patience for a request to be there as a whole, and for a client to take its answer
 */
record HttpConfig(int maxConnections, int maxLineBytes, int maxHeaderBytes, Duration patience) {
  /** 64 connections, 4 KiB, 8 KiB, 10 s. */
  static HttpConfig defaults() {
    return new HttpConfig(64, 4 << 10, 8 << 10, Duration.ofSeconds(10));
  }
}
