/**
 * The access file of a server, and its audit log.
 *
 * <p>{@link io.flotilla.server.access.AccessFile} reads who may do what, {@link
 * io.flotilla.server.access.AccessControl} follows the file and guards the port for clients, {@link
 * io.flotilla.server.access.AuditFile} writes down what operators did.
 */
@NullMarked
package io.flotilla.server.access;

import org.jspecify.annotations.NullMarked;
