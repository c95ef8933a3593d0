/**
 * Tests of the command as a user meets it: words in, text and an exit code out. The cluster behind
 * it is {@link io.flotilla.cli.FakeCluster}, a map; no test here opens a socket. Read {@link
 * io.flotilla.cli.ToolRun} first.
 */
@NullMarked
package io.flotilla.cli;

import org.jspecify.annotations.NullMarked;
