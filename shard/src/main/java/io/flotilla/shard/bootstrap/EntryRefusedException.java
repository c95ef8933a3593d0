package io.flotilla.shard.bootstrap;

/** The node cannot come to a cluster, however often it tries. The message says what to change. */
public final class EntryRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EntryRefusedException(String message) {
    super(message);
  }
}
