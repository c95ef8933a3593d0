package io.flotilla.shard;

import io.flotilla.raft.HardState;
import io.flotilla.raft.Ready;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.storage.InstallSpec;
import io.flotilla.storage.JournalBatch;
import io.flotilla.storage.SnapshotInfo;
import io.flotilla.storage.StoreFullException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts a snapshot in the place of what a replica had (Raft §7). Confined to the loop.
 *
 * <p>First the rows and the replica's row, then the log. A crash before the rows are complete
 * leaves a marker and the file, and the next start goes on from them; a crash after leaves a row
 * that is ahead of the log, and the next start resets the log to it, as for any new replica.
 * Nothing is said, applied or read here meanwhile (R28). A store without room for it is tried again
 * with each tick.
 */
final class SnapshotInstaller {
  private final Replica replica;
  private final HostParts parts;
  private @Nullable StagedSnapshot staged;
  private boolean underWay;
  private @Nullable Ready waitsForRoom;

  SnapshotInstaller(Replica replica, HostParts parts) {
    this.replica = replica;
    this.parts = parts;
  }

  /** No Ready may be taken until the install is done. */
  boolean isUnderWay() {
    return underWay;
  }

  /** No other snapshot may be offered: one is being installed, or Raft has still to decide. */
  boolean isBusy() {
    return underWay || staged != null;
  }

  /** A snapshot is here; Raft decides whether it is wanted. */
  void offer(StagedSnapshot snapshot) {
    staged = snapshot;
  }

  /** Raft did not want it. */
  void discardUnwanted() {
    if (staged != null && !underWay) {
      SnapshotFiles.discard(parts.store().snapshots(), staged.file());
      staged = null;
    }
  }

  /** Raft wants it, and says so with this Ready. */
  void begin(Ready ready) {
    StagedSnapshot snapshot = staged;
    if (snapshot == null || !snapshot.message().snapshot().equals(ready.snapshot())) {
      throw new IllegalStateException("a snapshot was accepted that was never staged");
    }
    underWay = true;
    replica.applier().closeForInstall();
    ingest(ready, snapshot);
  }

  /** Goes on with an install that met a full store; it starts over from the file. */
  void tick() {
    Ready ready = waitsForRoom;
    if (ready != null) {
      waitsForRoom = null;
      ingest(ready, Objects.requireNonNull(staged));
    }
  }

  private void ingest(Ready ready, StagedSnapshot snapshot) {
    InstallSpec spec = snapshot.install(replica.descriptor().range());
    var unused =
        parts
            .store()
            .state()
            .ingest(spec)
            .whenComplete(
                (info, failure) ->
                    replica
                        .loop()
                        .enqueue(() -> replica.run(() -> installed(ready, info, failure))));
  }

  private void installed(Ready ready, @Nullable SnapshotInfo info, @Nullable Throwable failure) {
    StagedSnapshot snapshot = Objects.requireNonNull(staged);
    if (failure instanceof StoreFullException) {
      waitsForRoom = ready;
      return;
    }
    if (info == null) {
      throw new IllegalStateException("a snapshot could not be installed", failure);
    }
    SnapshotFiles.discard(parts.store().snapshots(), snapshot.file());
    replica.applier().reopen(snapshot.row());
    SnapshotMetadata at = snapshot.message().snapshot();
    JournalBatch batch = new JournalBatch();
    batch.reset(replica.key(), at.index(), at.term());
    batch.append(replica.key(), ready.entries());
    HardState hardState = ready.hardState();
    if (hardState != null) {
      batch.hardState(replica.key(), hardState);
    }
    staged = null;
    underWay = false;
    replica.submit(batch, ready);
  }
}
