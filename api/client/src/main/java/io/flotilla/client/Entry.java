package io.flotilla.client;

/**
 * A key with its value as it was read.
 *
 * @param key the key
 * @param value the value; {@link Value#EMPTY} where only keys were asked for
 * @param revision of the write that made the value; higher is later. Give it to {@code
 *     compareAndSet} to write only if nobody else wrote since.
 */
public record Entry(Key key, Value value, long revision) {}
