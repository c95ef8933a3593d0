package io.flotilla.shard;

import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of snapshots that nobody needs any more. */
final class SnapshotFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);

  private SnapshotFiles() {}

  /** Deletes a file. One that cannot be deleted harms nobody, and goes with the next start. */
  static void discard(StoreFiles files, String file) {
    try {
      files.delete(file);
    } catch (StoreException e) {
      LOG.warn("{} stays until the next start", file, e);
    }
  }
}
