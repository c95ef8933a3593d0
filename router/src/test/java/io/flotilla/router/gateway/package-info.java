/**
 * Tests of what a server shows to clients. Read first: {@link
 * io.flotilla.router.gateway.FakeCallObserver} (the other end of a stream).
 */
@NullMarked
package io.flotilla.router.gateway;

import org.jspecify.annotations.NullMarked;
