package io.flotilla.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Installs snapshots. The marker is durable before the first row goes and is deleted with the last
 * transaction, so a crash at any step leaves either the old rows, or a marker that makes everyone
 * start over from the staged file, or the new rows with their metadata.
 */
final class Installer {

  private final StoreFiles files;
  private final StepRunner steps;
  private final Executor background;
  private final int stepBytes;

  // Guarded by this.
  private final TreeMap<ReplicaKey, InstallSpec> unfinished = new TreeMap<>();
  private final TreeMap<ReplicaKey, InstallSpec> running = new TreeMap<>();

  Installer(StoreFiles files, StepRunner steps, Executor background, int stepBytes) {
    this.files = files;
    this.steps = steps;
    this.background = background;
    this.stepBytes = stepBytes;
  }

  /** Finds the markers of installs that were cut off. */
  void recover(OrderedStore store) {
    try (OrderedStore.ReadTxn txn = store.beginRead();
        OrderedStore.Cursor cursor = txn.cursor(Table.INSTALLS)) {
      for (boolean on = cursor.first(); on; on = cursor.next()) {
        if (cursor.key().size() == Keys.REPLICA_BYTES) {
          InstallSpec spec = InstallCodec.decode(cursor.key(), cursor.value());
          unfinished.put(spec.replica(), spec);
        }
      }
    }
  }

  synchronized List<InstallSpec> unfinished() {
    return List.copyOf(unfinished.values());
  }

  CompletableFuture<SnapshotInfo> install(InstallSpec spec) {
    begin(spec);
    return Futures.plain(
        Futures.supply(background, () -> verify(spec))
            .thenCompose(info -> load(spec).thenApply(loaded -> info))
            .whenComplete((info, failure) -> end(spec, failure)));
  }

  CompletableFuture<Void> abandon(InstallSpec spec) {
    begin(spec);
    return Futures.plain(
        clear(spec.ranges())
            .thenCompose(cleared -> steps.repeat(txn -> unmark(txn, spec)))
            .whenComplete((nothing, failure) -> end(spec, failure)));
  }

  CompletableFuture<Void> clear(List<RowRange> ranges) {
    List<RowRange> left = new ArrayList<>(ranges);
    return steps.repeat(
        txn -> {
          if (!left.isEmpty() && RangeEraser.erase(txn, left.get(0), stepBytes)) {
            left.remove(0);
          }
          return left.isEmpty();
        });
  }

  private SnapshotInfo verify(InstallSpec spec) {
    SnapshotReader reader = new SnapshotReader(files, spec.file());
    SnapshotReader.@Nullable Chunk chunk = reader.next();
    while (chunk != null) {
      checkRows(spec, chunk);
      chunk = reader.next();
    }
    return reader.info();
  }

  private static void checkRows(InstallSpec spec, SnapshotReader.Chunk chunk) {
    for (SnapshotReader.Row row : chunk.rows()) {
      boolean expected = false;
      for (RowRange range : spec.ranges()) {
        expected |= range.table() == chunk.table() && range.contains(row.key());
      }
      if (!expected) {
        throw new StoreException(
            "snapshot file "
                + spec.file()
                + " has rows outside what "
                + spec.replica()
                + " is to install");
      }
    }
  }

  private CompletableFuture<Void> load(InstallSpec spec) {
    return mark(spec)
        .thenCompose(marked -> clear(spec.ranges()))
        .thenCompose(cleared -> copy(spec))
        .thenCompose(copied -> finish(spec));
  }

  private CompletableFuture<Void> mark(InstallSpec spec) {
    return steps.repeat(
        txn -> {
          txn.put(Table.INSTALLS, Keys.ofReplica(spec.replica()), InstallCodec.encode(spec));
          return true;
        });
  }

  private CompletableFuture<Void> copy(InstallSpec spec) {
    SnapshotReader reader = new SnapshotReader(files, spec.file());
    return steps.repeat(
        txn -> {
          long bytes = 0;
          SnapshotReader.@Nullable Chunk chunk = reader.next();
          while (chunk != null) {
            for (SnapshotReader.Row row : chunk.rows()) {
              txn.put(chunk.table(), row.key(), row.value());
              bytes += row.key().size() + row.value().size();
            }
            if (bytes >= stepBytes) {
              return false;
            }
            chunk = reader.next();
          }
          return true;
        });
  }

  private CompletableFuture<Void> finish(InstallSpec spec) {
    return steps.repeat(
        txn -> {
          spec.meta().forEach((key, value) -> txn.put(Table.META, key, value));
          return unmark(txn, spec);
        });
  }

  private static boolean unmark(OrderedStore.WriteTxn txn, InstallSpec spec) {
    txn.delete(Table.INSTALLS, Keys.ofReplica(spec.replica()));
    return true;
  }

  private synchronized void begin(InstallSpec spec) {
    if (running.putIfAbsent(spec.replica(), spec) != null) {
      throw new IllegalStateException("an install of " + spec.replica() + " is under way");
    }
  }

  private synchronized void end(InstallSpec spec, @Nullable Throwable failure) {
    running.remove(spec.replica());
    if (failure == null) {
      unfinished.remove(spec.replica());
    }
  }
}
