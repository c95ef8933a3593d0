package io.flotilla.storage;

import io.flotilla.raft.Payload;

/** Receives the rows of a scan in key order, or in reverse order when asked. */
@FunctionalInterface
public interface RowVisitor {

  /** Takes one row; false ends the scan. Must be quick: a read transaction is open. */
  boolean visit(Payload key, Payload value);
}
