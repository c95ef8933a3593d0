/**
 * The process: the {@code flotilla} command with everything in it, and the server's composition
 * root.
 *
 * <p>{@link io.flotilla.server.Main} is what the jar runs: the command line of {@code api/cli} plus
 * {@code server}, {@code dev} and {@code demo}. {@link io.flotilla.server.FlotillaServer} is a node
 * as one object. This is the one package that reads the system's clock, its environment and its
 * standard streams, and hands them on; nothing below does.
 *
 * <p>Read {@code Main}, then {@code ServerCommand}, then {@code FlotillaServer}.
 */
@NullMarked
package io.flotilla.server;

import org.jspecify.annotations.NullMarked;
