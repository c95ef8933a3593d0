/**
 * TLS for every connection, from PEM files that may change at any time.
 *
 * <p>Read first: {@link io.flotilla.router.tls.Tls}, which holds what is shown and trusted now,
 * then {@link io.flotilla.router.tls.TlsFiles}, which says which files are wrong and why.
 *
 * <p>TLS 1.3 only. New files count for new connections; files that make no sense change nothing.
 * Nothing here watches by itself: whoever owns a {@code Tls} calls {@code refresh}.
 */
@NullMarked
package io.flotilla.router.tls;

import org.jspecify.annotations.NullMarked;
