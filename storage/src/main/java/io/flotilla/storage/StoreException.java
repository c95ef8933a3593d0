package io.flotilla.storage;

import org.jspecify.annotations.Nullable;

/** The store cannot do what was asked. The message is written for an operator. */
public class StoreException extends RuntimeException {

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
