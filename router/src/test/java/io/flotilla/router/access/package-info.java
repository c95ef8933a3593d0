/**
 * Tests of who may do what. Read first: {@link io.flotilla.router.access.NeedTest} (what requests
 * need).
 */
@NullMarked
package io.flotilla.router.access;

import org.jspecify.annotations.NullMarked;
