/**
 * {@code deploy/bin/chaos}: holds what clients are promised over real processes, while leaders
 * move, shards split, and nodes are killed and frozen.
 *
 * <p>{@link io.flotilla.chaos.ChaosRun} starts the nodes and puts together the two sides: {@code
 * Workload}, whose threads call and remember, and {@code Nemesis}, whose threads do harm, of which
 * never more than one node suffers at a time. {@code Verdicts} then holds the one against the
 * other. {@code BlackHole} and {@code NoServer} are experiments of their own, with the same parts.
 *
 * <p>All that is chosen comes from one seed, but real processes and threads are not replayed by it:
 * the same seed gives the same sort of run, not the same run. The simulator ({@code
 * io.flotilla.sim}) replays. Nothing here reaches into a node; it is a client with a right to kill.
 * Read {@code ChaosPlan} first, docs/chaos.md for what is shown.
 */
@NullMarked
package io.flotilla.chaos;

import org.jspecify.annotations.NullMarked;
