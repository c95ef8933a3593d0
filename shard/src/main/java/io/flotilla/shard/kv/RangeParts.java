package io.flotilla.shard.kv;

import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.KeyRange;
import org.jspecify.annotations.Nullable;

/** Where a walk over a range goes on, be it in this shard or in the neighbour. */
final class RangeParts {
  private RangeParts() {}

  /** The keys that lie in both. */
  static KeyRange common(KeyRange a, KeyRange b) {
    Payload start = a.start().compareTo(b.start()) >= 0 ? a.start() : b.start();
    Payload end =
        a.end().isEmpty() || (!b.end().isEmpty() && b.end().compareTo(a.end()) < 0)
            ? b.end()
            : a.end();
    return new KeyRange(start, end);
  }

  /** What is left of the range behind a key, null if nothing. */
  static @Nullable KeyRange after(KeyRange wanted, Payload lastKey, boolean reverse) {
    if (reverse) {
      return lastKey.compareTo(wanted.start()) <= 0 ? null : new KeyRange(wanted.start(), lastKey);
    }
    byte[] successor = new byte[lastKey.size() + 1];
    lastKey.asReadOnlyByteBuffer().get(successor, 0, lastKey.size());
    Payload start = Payload.of(successor);
    boolean nothing = !wanted.end().isEmpty() && start.compareTo(wanted.end()) >= 0;
    return nothing ? null : new KeyRange(start, wanted.end());
  }

  /** What is left of the range when the shard's part of it was read to its end. */
  static @Nullable KeyRange beyond(KeyRange wanted, KeyRange part, boolean reverse) {
    if (reverse) {
      return part.start().equals(wanted.start())
          ? null
          : new KeyRange(wanted.start(), part.start());
    }
    return part.end().equals(wanted.end()) ? null : new KeyRange(part.end(), wanted.end());
  }
}
