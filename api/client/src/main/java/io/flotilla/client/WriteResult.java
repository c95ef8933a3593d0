package io.flotilla.client;

import java.util.Optional;

/**
 * What a write of one key did.
 *
 * <pre>{@code
 * WriteResult result = kv.compareAndSet(key, seen.revision(), next);
 * if (!result.applied()) {
 *   Optional<Entry> winner = result.existing();
 * }
 * }</pre>
 *
 * @param applied whether it was written. A condition that does not hold is not an error.
 * @param revision of the key after the call; 0 where the key is absent and nothing was written
 * @param existing what stood at the key before the call. Filled by {@code getAndPut} and {@code
 *     getAndDelete}, and by {@code putIfAbsent}, {@code compareAndSet} and {@code compareAndDelete}
 *     where they did not apply. Empty: the key was absent, or the call does not tell.
 */
public record WriteResult(boolean applied, long revision, Optional<Entry> existing) {}
