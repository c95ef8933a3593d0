/**
 * Certificates for a first secure cluster: {@code flotilla cert}.
 *
 * <p>{@link io.flotilla.server.cert.Authority} signs, {@link io.flotilla.server.cert.CertFiles}
 * keeps files that only their owner can read, {@link io.flotilla.server.cert.CertCommand} is the
 * command. Keys are EC P-256, in PKCS #8. Time and randomness come from outside.
 */
@NullMarked
package io.flotilla.server.cert;

import org.jspecify.annotations.NullMarked;
