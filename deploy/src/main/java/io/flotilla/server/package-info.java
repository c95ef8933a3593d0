/**
 * The server process: the one place where all parts are known and put together.
 *
 * <p>{@link io.flotilla.server.Main} is the {@code flotilla} command with {@code server}, {@code
 * dev} and {@code demo} added to what the command line tool offers. {@link
 * io.flotilla.server.FlotillaServer} is one node: it opens the store and the port, comes to a
 * cluster, and then starts a {@link io.flotilla.server.node.MemberNode} with its services. Real
 * clocks, real randomness, threads and connections are made here and handed down; nothing below
 * makes its own.
 *
 * <p>Nothing here decides about keys, shards or consensus. Read first: {@code FlotillaServer}, then
 * {@code MemberNode}.
 */
@NullMarked
package io.flotilla.server;

import org.jspecify.annotations.NullMarked;
