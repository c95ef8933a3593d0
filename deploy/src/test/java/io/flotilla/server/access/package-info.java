/**
 * Tests of who may do what. Read first: {@link io.flotilla.server.access.AccessFileTest} (how the
 * file is read).
 */
@NullMarked
package io.flotilla.server.access;

import org.jspecify.annotations.NullMarked;
