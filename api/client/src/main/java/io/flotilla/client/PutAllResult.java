package io.flotilla.client;

import java.util.Map;

/**
 * What became of each key of a {@code putAll}: it is in exactly one of the two maps.
 *
 * <pre>{@code
 * PutAllResult result = kv.putAll(Map.of(Key.of("a"), one, Key.of("b"), two));
 * result.failed().forEach((key, why) -> log.warn("{}: {}", key, why.outcome()));
 * }</pre>
 *
 * @param written the keys that were written, with their new revisions, in the order of the call
 * @param failed the keys that were not, or of which it is not known, each with its own failure
 */
public record PutAllResult(Map<Key, WriteResult> written, Map<Key, FlotillaException> failed) {
  /** Whether every key was written. */
  public boolean complete() {
    return failed.isEmpty();
  }
}
