/**
 * Who may do what: decided once, where a request enters the cluster, and never where it is applied.
 *
 * <p>Read first: {@link io.flotilla.router.access.AccessTable}, which says who there is, {@link
 * io.flotilla.router.access.Need}, which says what a request needs, then {@link
 * io.flotilla.router.access.CallerInterceptor}, which finds out who calls.
 *
 * <p>What is not allowed is denied. A table is immutable; the newest one is asked for each request,
 * so that a change counts at once. Nothing here reads a clock or a file.
 */
@NullMarked
package io.flotilla.router.access;

import org.jspecify.annotations.NullMarked;
