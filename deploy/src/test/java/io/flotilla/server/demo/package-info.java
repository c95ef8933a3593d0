/**
 * Tests of the story: that it ends well on a cluster that does well, and at the right step on one
 * that does not. The nodes are real processes without a server in them; what clients see of them is
 * {@link io.flotilla.server.demo.FakeDatabase}, on a clock that only the story's pauses move.
 */
@NullMarked
package io.flotilla.server.demo;

import org.jspecify.annotations.NullMarked;
