package io.flotilla.client;

import java.util.Optional;

/**
 * A half-open range of keys, {@code [start, end)}.
 *
 * @param start first key of the range; empty: from the first possible key
 * @param end first key after the range; empty: to the last possible key
 */
public record KeyRange(Optional<Key> start, Optional<Key> end) {
  /** Every key. */
  public static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

  /** The keys that begin with the prefix. */
  public static KeyRange ofPrefix(Key prefix) {
    return new KeyRange(Optional.of(prefix), prefix.endOfPrefix());
  }

  /** Whether the key lies in the range. */
  public boolean contains(Key key) {
    return start.map(first -> first.compareTo(key) <= 0).orElse(true)
        && end.map(after -> key.compareTo(after) < 0).orElse(true);
  }

  /** Whether no key can lie in the range: its end is not after its start. */
  public boolean isEmpty() {
    return end.isPresent() && start.isPresent() && start.get().compareTo(end.get()) >= 0;
  }

  @Override
  public String toString() {
    return "["
        + start.map(Key::toString).orElse("-inf")
        + ", "
        + end.map(Key::toString).orElse("+inf")
        + ")";
  }
}
