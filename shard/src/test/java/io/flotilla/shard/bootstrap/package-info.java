/**
 * Tests of how a node comes to a cluster: the decision as a table, and the entry over fakes.
 *
 * <p>Read {@code FormationTest} first.
 */
@NullMarked
package io.flotilla.shard.bootstrap;

import org.jspecify.annotations.NullMarked;
