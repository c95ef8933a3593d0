package io.flotilla.client;

/**
 * What an increment did.
 *
 * @param value the sum, which is now the value of the key
 * @param revision of the key after the call
 */
public record Counted(long value, long revision) {}
