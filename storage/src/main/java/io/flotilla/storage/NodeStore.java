package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * The store of one node: identity, journal, state and snapshot files in one directory.
 *
 * <p>Closing: first stop every loop that reads, then {@link #close}, which finishes queued work.
 */
public final class NodeStore implements AutoCloseable {

  private static final int JOURNAL_READERS = 32;
  private static final String JOURNAL = "journal";
  private static final String STATE = "state";
  private static final String SNAPSHOTS = "snapshots";

  /**
   * The parts of a store; a simulator passes its own.
   *
   * @param root keeps the identity
   * @param snapshots keeps exported and staged snapshots
   */
  public record Parts(
      OrderedStore journal, OrderedStore state, StoreFiles root, StoreFiles snapshots) {}

  private final Deque<AutoCloseable> resources;
  private final StoreExecutors executors;
  private final IdentFile identFile;
  private final StoreFiles snapshots;
  private final Journal journal;
  private final StateStore state;
  private volatile @Nullable Payload ident;

  private NodeStore(
      Parts parts, StoreConfig config, StoreExecutors executors, Deque<AutoCloseable> resources) {
    this.resources = resources;
    this.executors = executors;
    this.identFile = new IdentFile(parts.root());
    this.ident = identFile.read();
    this.snapshots = parts.snapshots();
    this.journal = new Journal(parts.journal(), config.journal(), executors);
    this.state =
        new StateStore(parts.state(), config.state(), snapshots, executors, journal::newestBlock);
  }

  /**
   * Opens or creates the store in a directory.
   *
   * @throws StoreException when the directory is in use, not writable or on a network file system
   * @throws StoreCorruptException when durable bytes are damaged or missing
   */
  public static NodeStore open(Path directory, StoreConfig config, StoreExecutors executors) {
    Disk.createDirectory(directory);
    Disk.checkLocal(directory);
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    try {
      resources.push(DirectoryLock.acquire(directory));
      checkWhole(directory);
      OrderedStore journal =
          environment(
              directory.resolve(JOURNAL),
              EnumSet.of(Table.BLOCKS),
              config.journal().mapBytes(),
              JOURNAL_READERS);
      resources.push(journal);
      OrderedStore state =
          environment(
              directory.resolve(STATE),
              EnumSet.complementOf(EnumSet.of(Table.BLOCKS)),
              config.state().mapBytes(),
              config.state().maxReaders());
      resources.push(state);
      Path staging = directory.resolve(SNAPSHOTS);
      Disk.createDirectory(staging);
      Parts parts = new Parts(journal, state, new DiskFiles(directory), new DiskFiles(staging));
      return new NodeStore(parts, config, executors, resources);
    } catch (RuntimeException e) {
      closeAll(resources, e);
      throw e;
    }
  }

  /** Opens a store over given parts, whose environments it closes in the end. */
  public static NodeStore over(Parts parts, StoreConfig config, StoreExecutors executors) {
    Deque<AutoCloseable> resources = new ArrayDeque<>();
    resources.push(parts.journal());
    resources.push(parts.state());
    return new NodeStore(parts, config, executors, resources);
  }

  /** The opaque identity of this store; null when it is new. */
  public @Nullable Payload ident() {
    return ident;
  }

  /** Replaces the identity, durable on return, atomic at a crash. One thread at a time. */
  public void writeIdent(Payload newIdent) {
    identFile.write(newIdent);
    ident = newIdent;
  }

  public Journal journal() {
    return journal;
  }

  public StateStore state() {
    return state;
  }

  /**
   * Lets writes that wait for room try again. To be called now and then while {@link
   * Journal#isFull} or {@link StateStore#isFull}: whoever waits submits nothing more, so nothing
   * else would move the queue when there is room again. Any thread.
   */
  public void tryForRoom() {
    journal.tryForRoom();
    state.tryForRoom();
  }

  /** Exported and staged snapshot files. Who stages a file here deletes it in the end. */
  public StoreFiles snapshots() {
    return snapshots;
  }

  /** Writes what is queued, ends the writers, and closes everything. */
  @Override
  public void close() {
    journal.stop();
    state.stop();
    StoreException failure = null;
    try {
      executors.close();
    } catch (StoreException e) {
      failure = e;
    }
    if (failure == null) {
      StoreException closing = new StoreException("cannot close the store");
      closeAll(resources, closing);
      failure = closing.getSuppressed().length == 0 ? null : closing;
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static OrderedStore environment(
      Path directory, EnumSet<Table> tables, long mapBytes, int readers) {
    Disk.createDirectory(directory);
    return LmdbOrderedStore.open(directory, tables, mapBytes, readers);
  }

  /**
   * A store with an identity has voted and answered; if an environment is gone it must not start
   * over empty under the same name (R38: it could vote twice in one term).
   */
  private static void checkWhole(Path directory) {
    if (new IdentFile(new DiskFiles(directory)).read() == null) {
      return;
    }
    for (String part : new String[] {JOURNAL, STATE}) {
      Path data = directory.resolve(part).resolve("data.mdb");
      if (!Files.exists(data)) {
        throw new StoreCorruptException(
            data + " is missing, but the store has an identity: it lost what it had promised");
      }
    }
  }

  private static void closeAll(Deque<AutoCloseable> resources, RuntimeException context) {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        context.addSuppressed(e);
      }
    }
  }
}
