/**
 * Tests of settings: where each may come from, which source wins, and that every mistake is named.
 * Nothing here starts a server.
 */
@NullMarked
package io.flotilla.server.config;

import org.jspecify.annotations.NullMarked;
