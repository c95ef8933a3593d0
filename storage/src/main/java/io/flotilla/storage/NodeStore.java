package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The store of one node: identity, journal, state and snapshot files in one directory.
 *
 * <p>Closing: first stop every loop that reads, then {@link #close}, which finishes queued work.
 */
public final class NodeStore implements AutoCloseable {

  /** The parts of a store; a simulator passes its own. */
  public record Parts(
      OrderedStore journal, OrderedStore state, StoreFiles root, StoreFiles snapshots) {}

  private NodeStore() {}

  /**
   * Opens or creates the store in a directory.
   *
   * @throws StoreException when the directory is in use, not writable or on a network file system
   * @throws StoreCorruptException when durable bytes are damaged or missing
   */
  public static NodeStore open(Path directory, StoreConfig config, StoreExecutors executors) {
    throw new UnsupportedOperationException();
  }

  /** Opens a store over given parts, which it closes in the end. */
  public static NodeStore over(Parts parts, StoreConfig config, StoreExecutors executors) {
    throw new UnsupportedOperationException();
  }

  /** The opaque identity of this store; null when it is new. */
  public @Nullable Payload ident() {
    throw new UnsupportedOperationException();
  }

  /** Replaces the identity, durable on return, atomic at a crash. */
  public void writeIdent(Payload ident) {
    throw new UnsupportedOperationException();
  }

  public Journal journal() {
    throw new UnsupportedOperationException();
  }

  public StateStore state() {
    throw new UnsupportedOperationException();
  }

  /** Exported and staged snapshot files. Who stages a file here deletes it in the end. */
  public StoreFiles snapshots() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
