/**
 * The load that {@code flotilla bench} makes, and what it measures.
 *
 * <p>{@link io.flotilla.cli.bench.BenchRun} loads the keys and then runs a {@link
 * io.flotilla.cli.bench.Workload} in a closed loop (so many operations outstanding) or an open one
 * (so many a second, counted from when each was due). Each value tells for which key it was
 * written, so every read is verified, and a read must not be older than a write that was
 * acknowledged before the read began.
 *
 * <p>Nothing here reads a clock or a process table but through what it is given. Operations are
 * issued and completed on threads of the clients; {@link io.flotilla.cli.bench.Tally} and the
 * ledger of writes are made for that. Read {@code BenchRun} first, then {@code Operations}.
 */
@NullMarked
package io.flotilla.cli.bench;

import org.jspecify.annotations.NullMarked;
