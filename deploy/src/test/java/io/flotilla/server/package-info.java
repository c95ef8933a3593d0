/**
 * Tests of the process from outside: the {@code flotilla} command with its exit codes and messages,
 * and, in the classes that end in IT, clusters of real node processes from the built jar.
 *
 * <p>Every wait has a bound, and a process that a test starts ends with the test. Read {@link
 * io.flotilla.server.CommandRun} first.
 */
@NullMarked
package io.flotilla.server;

import org.jspecify.annotations.NullMarked;
