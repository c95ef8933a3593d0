package io.flotilla.server.cert;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * A certificate and its key.
 *
 * @param certificate signed
 * @param key of it
 */
public record Issued(X509Certificate certificate, PrivateKey key) {}
