package io.flotilla.shard;

/** The two clocks of a node. Safe for any thread. */
public interface Clock {
  Clock SYSTEM =
      new Clock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long wallMillis() {
          return System.currentTimeMillis();
        }
      };

  /** Monotonic, for deadlines; its origin means nothing. */
  long nanos();

  /** Milliseconds since 1970, for revisions; may jump. */
  long wallMillis();
}
