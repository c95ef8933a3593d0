/**
 * Clusters on this machine, each node a process of its own: {@code flotilla dev}, and what the demo
 * and the end-to-end tests share with it.
 *
 * <p>{@link io.flotilla.server.local.NodeProcess} starts, kills and stops one node; {@link
 * io.flotilla.server.local.LocalCluster} keeps some of them together. A child ends when its
 * standard input does ({@link io.flotilla.server.local.ParentWatch}), so no node outlives its
 * parent, however that dies.
 *
 * <p>Nothing here reaches into a node: what it knows comes from the command line, the exit code,
 * the log file and the Java client. Time and waiting come from {@link
 * io.flotilla.server.local.LocalTools}; every wait has a bound.
 */
@NullMarked
package io.flotilla.server.local;

import org.jspecify.annotations.NullMarked;
