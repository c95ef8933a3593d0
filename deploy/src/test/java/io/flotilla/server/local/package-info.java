/**
 * Tests of clusters of child processes. The children are {@link
 * io.flotilla.server.local.StubNode}s: real processes that do nothing, so that starting, killing
 * and stopping them is what is tested.
 */
@NullMarked
package io.flotilla.server.local;

import org.jspecify.annotations.NullMarked;
