/**
 * Tests of the host of replicas: its parts alone, and whole hosts of one process each whose disk,
 * turns and ticks are moved by hand.
 *
 * <p>They say which part is wrong; the whole-node simulation of {@code deploy} says that something
 * is. Read {@code TestNode} first.
 */
@NullMarked
package io.flotilla.shard;

import org.jspecify.annotations.NullMarked;
