/**
 * Tests of the real network over loopback. Read first: {@link
 * io.flotilla.router.grpc.LoopbackNode}.
 */
@NullMarked
package io.flotilla.router.grpc;

import org.jspecify.annotations.NullMarked;
