package io.flotilla.storage;

import org.jspecify.annotations.Nullable;

/**
 * The map of an environment has no room. Nothing was written and nothing is lost: the work stays
 * queued and is tried again when space is freed or more work arrives.
 */
public final class StoreFullException extends StoreException {

  public StoreFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
