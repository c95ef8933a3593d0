package io.flotilla.router;

/**
 * What a router takes from outside so that it can be simulated.
 *
 * @param scheduler time and timers
 * @param jitter randomness
 */
public record RouterRuntime(Scheduler scheduler, Backoff.Jitter jitter) {}
