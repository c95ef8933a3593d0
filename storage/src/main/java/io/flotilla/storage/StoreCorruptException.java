package io.flotilla.storage;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that were once durable are damaged or missing. The message names the place. Nothing is cut
 * off to get going again: a damaged record inside the durable log may be a committed one, and
 * forgetting it would let another value be committed in its place (R39).
 */
public final class StoreCorruptException extends StoreException {

  public StoreCorruptException(String message) {
    super(message);
  }

  public StoreCorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
