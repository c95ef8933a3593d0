/**
 * Whole clusters of production nodes in one thread on virtual time, from one seed.
 *
 * <p>{@code World} is the queue of events and the only clock. {@code SimNode} is a process: it runs
 * the {@link io.flotilla.server.node.MemberNode} that a server runs, over a simulated disk that
 * forgets what was not durable when the process dies, over a clock of its own. {@code SimNetwork}
 * loses, delays, doubles, holds, resets and cuts. {@code Faults} says which kinds of trouble there
 * are, and what each must have caused. {@code Simulation} draws everything from the seed: the size,
 * the faults, their rates; lets clients work while faults happen; then heals, and holds the result
 * against what must be true.
 *
 * <p>A failing seed prints the command that replays it. The same seed gives the same trace, which
 * is a test of its own. Read {@code SimulationTest} first, then {@code Simulation}.
 */
@NullMarked
package io.flotilla.sim;

import org.jspecify.annotations.NullMarked;
