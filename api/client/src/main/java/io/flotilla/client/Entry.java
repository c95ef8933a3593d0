package io.flotilla.client;

import java.time.Instant;
import java.util.Optional;

/**
 * A key with its value as it was read.
 *
 * @param key the key
 * @param value the value; {@link Value#EMPTY} where only keys were asked for
 * @param revision of the write that made the value; higher is later. Give it to {@code
 *     compareAndSet} to write only if nobody else wrote since.
 * @param expiresAt from when on the key counts as absent, by the clock of its shard's leader;
 *     empty: it stays
 */
public record Entry(Key key, Value value, long revision, Optional<Instant> expiresAt) {
  /** An entry that stays. */
  public Entry(Key key, Value value, long revision) {
    this(key, value, revision, Optional.empty());
  }
}
