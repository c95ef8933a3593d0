package io.flotilla.storage;

import org.lmdbjava.Env;
import org.lmdbjava.LmdbNativeException;
import org.lmdbjava.Txn;

/** Translates LMDB's failures. */
final class LmdbErrors {

  private LmdbErrors() {}

  static RuntimeException translate(String what, RuntimeException e) {
    if (e instanceof StoreException) {
      return e;
    }
    String message = what + ": " + e.getMessage();
    if (e instanceof Env.MapFullException || e instanceof Txn.TxFullException) {
      return new StoreFullException(message, e);
    }
    if (e instanceof LmdbNativeException.PageCorruptedException
        || e instanceof LmdbNativeException.PageNotFoundException
        || e instanceof Env.FileInvalidException) {
      return new StoreCorruptException(message, e);
    }
    return new StoreException(message, e);
  }
}
