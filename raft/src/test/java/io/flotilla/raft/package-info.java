/**
 * Tests of the consensus core: whole groups of real replicas, driven by hand in one thread.
 *
 * <p>{@code RaftGroup} holds {@code SimReplica}s (a {@code RaftNode}, a disk that keeps only what
 * was written, a state machine that is a digest) and a {@code SimNetwork}. Nothing happens that a
 * test did not ask for: no clock, no thread, chance only from a seed.
 *
 * <p>Four kinds of tests: text scripts with the recorded transcript ({@code ScriptsTest}, {@code
 * src/test/resources/scripts}); one test per statement of the paper, the thesis and the rules R1 to
 * R30; random runs under {@code RaftOracle}, which knows what may never happen ({@code
 * RaftSeedsTest}); tables for the parts.
 *
 * <p>Read first: the scripts.
 */
@NullMarked
package io.flotilla.raft;

import org.jspecify.annotations.NullMarked;
