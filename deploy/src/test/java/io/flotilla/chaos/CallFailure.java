package io.flotilla.chaos;

import io.flotilla.client.FlotillaException;
import java.util.Locale;

/**
 * A call that failed.
 *
 * @param atNanos when it ended, since the run began
 * @param tookNanos how long it took
 * @param kind what was called
 * @param key its first key
 * @param error what it was told
 */
record CallFailure(
    long atNanos, long tookNanos, CallKind kind, String key, FlotillaException error) {
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.1f s: %s %s failed after %.2f s: %s, outcome %s, shard %d, node %d: %s",
        atNanos / 1e9,
        kind.label(),
        key,
        tookNanos / 1e9,
        error.code(),
        error.outcome(),
        error.shardId(),
        error.nodeId(),
        error.getMessage());
  }
}
