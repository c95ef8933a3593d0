/**
 * The {@code flotilla} command: keys and values, import and export, shards, nodes, status.
 *
 * <p>{@link io.flotilla.cli.CommandLineTool} is the whole tool as an object: it takes arguments and
 * gives an exit code (0 done, 1 the operation failed, 2 the command line was wrong). It can be
 * embedded, and other modules add their own subcommands to it. Each command is a small class that
 * picocli fills with options; what they share are the option groups ({@link
 * io.flotilla.cli.ConnectionOptions}, {@link io.flotilla.cli.OutputOptions}, {@link
 * io.flotilla.cli.EncodingOptions}) and the {@link io.flotilla.cli.Terminal}.
 *
 * <p>Results go to standard output, everything else to standard error; a failure is one line there,
 * or one JSON object with {@code --output json}. No command reads a clock, the environment or the
 * standard streams but through its {@code Terminal}, and none talks to a server but through the
 * Java client.
 *
 * <p>Threads: a command runs on the calling thread. Read {@code CommandLineTool} first, then {@code
 * ClusterCommand}, then any command.
 */
@NullMarked
package io.flotilla.cli;

import org.jspecify.annotations.NullMarked;
