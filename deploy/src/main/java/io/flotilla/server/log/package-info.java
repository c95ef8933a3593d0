/**
 * The form of a server's log.
 *
 * <p>{@link io.flotilla.server.log.LogSetup} sets levels and the form; {@link
 * io.flotilla.server.log.JsonEncoder} writes events as JSON, one a line. What belongs to an event
 * besides its words (shard, replica, term, trace) comes as SLF4J's key-value pairs and is a field
 * of its own in both forms.
 *
 * <p>Nothing here may ever write a key or a value of a user; a test looks for them.
 */
@NullMarked
package io.flotilla.server.log;

import org.jspecify.annotations.NullMarked;
