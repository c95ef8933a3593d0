/**
 * A small HTTP server for what operators and their tools look at: metrics and health.
 *
 * <p>{@link io.flotilla.server.http.HttpServer} answers GET and HEAD on one event loop; a {@link
 * io.flotilla.server.http.HttpPage} makes an answer and does not hold up that thread. Connections,
 * sizes and times are bounded, so that a slow or a rude client costs nobody else anything.
 *
 * <p>Nothing here knows what the pages show.
 */
@NullMarked
package io.flotilla.server.http;

import org.jspecify.annotations.NullMarked;
