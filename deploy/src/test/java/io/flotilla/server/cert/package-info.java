/** Tests of certificates and of the command that makes them. */
package io.flotilla.server.cert;
