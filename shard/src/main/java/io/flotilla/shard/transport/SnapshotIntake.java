package io.flotilla.shard.transport;

import io.flotilla.raft.Payload;
import java.util.concurrent.CompletableFuture;

/** A snapshot on its way in. One thread at a time; either finish or abort is called in the end. */
public interface SnapshotIntake {
  /** The next bytes of the file. May write to the disk. */
  void append(Payload chunk);

  /**
   * The file is complete.
   *
   * @return why it was not taken after all, empty if it was; never completes exceptionally
   */
  CompletableFuture<String> finish();

  /** The rest will not come. */
  void abort();
}
