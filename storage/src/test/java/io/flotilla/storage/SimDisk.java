package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one simulated node: it outlives the processes that use it. Opened by one at a time.
 */
public final class SimDisk {

  /** All that was durable at one moment. */
  public static final class Image {
    private final SimOrderedStore.Disk journal;
    private final SimOrderedStore.Disk state;
    private final TreeMap<String, Payload> root;
    private final TreeMap<String, Payload> snapshots;

    private Image(SimDisk disk) {
      journal = disk.journal.image();
      state = disk.state.image();
      root = disk.root.image();
      snapshots = disk.snapshots.image();
    }
  }

  private final StoreConfig config;
  private final @Nullable Mirrors mirrors;
  private final SimFiles root = new SimFiles();
  private final SimFiles snapshots = new SimFiles();
  private SimOrderedStore journal;
  private SimOrderedStore state;
  private int installCrashCommits;
  private SimOrderedStore.CrashPoint installCrashPoint = SimOrderedStore.CrashPoint.BEFORE_COMMIT;

  /** An empty disk. */
  public SimDisk(StoreConfig config) {
    this(config, null);
  }

  /** An empty disk whose environments are real ones too. */
  public SimDisk(StoreConfig config, @Nullable Mirrors mirrors) {
    this.config = config;
    this.mirrors = mirrors;
    journal = new SimOrderedStore(config.journal().mapBytes());
    state = new SimOrderedStore(config.state().mapBytes());
  }

  /** The next process opens the store; whatever used it before is dead. */
  public NodeStore open(StoreConfig config, StoreExecutors executors) {
    journal = journal.reopen();
    state = state.reopen();
    OrderedStore journalView = journal;
    OrderedStore stateView = state;
    if (mirrors != null) {
      journalView = mirrors.open("journal", journal, config.journal().mapBytes());
      stateView = mirrors.open("state", state, config.state().mapBytes());
    }
    return NodeStore.over(
        new NodeStore.Parts(journalView, stateView, root, snapshots), config, executors);
  }

  /** Kills the process: what was not committed or synced is lost. */
  public void crash() {
    if (mirrors != null) {
      mirrors.crash();
    }
    journal.crash();
    state.crash();
    root.crash();
    snapshots.crash();
  }

  /** The same, but parts of files that were not synced may be left. */
  public void crash(RandomGenerator random) {
    snapshots.crash(random);
    crash();
  }

  /** Is told when a crash armed on a file strikes. */
  public void onCrash(Runnable listener) {
    root.onCrash(listener);
    snapshots.onCrash(listener);
  }

  /** Makes the process die at a commit of rows after the next snapshot has arrived. */
  public void crashAtInstall(int commits, SimOrderedStore.CrashPoint point) {
    installCrashCommits = commits;
    installCrashPoint = point;
  }

  /** A snapshot is here as a whole and is about to be installed. */
  public void snapshotArrived() {
    if (installCrashCommits > 0) {
      state.crashAtCommit(installCrashCommits, installCrashPoint);
      installCrashCommits = 0;
    }
  }

  /** No armed failure strikes any more. */
  public void disarm() {
    installCrashCommits = 0;
    journal.disarm();
    state.disarm();
    root.disarm();
    snapshots.disarm();
  }

  /** Another, empty disk is in its place; no process may run. */
  public void wipe() {
    journal.crash();
    state.crash();
    journal = new SimOrderedStore(config.journal().mapBytes());
    state = new SimOrderedStore(config.state().mapBytes());
    root.restore(new TreeMap<>());
    snapshots.restore(new TreeMap<>());
    if (mirrors != null) {
      mirrors.forget();
    }
  }

  /** What is durable now. */
  public Image image() {
    return new Image(this);
  }

  /** Goes back to an older image; no process may run. */
  public void restore(Image image) {
    journal = journal.reopen(image.journal);
    state = state.reopen(image.state);
    root.restore(image.root);
    snapshots.restore(image.snapshots);
    if (mirrors != null) {
      mirrors.forget();
    }
  }

  /** The journal environment of the process that opened last; for arming faults. */
  public SimOrderedStore journal() {
    return journal;
  }

  /** The state environment of the process that opened last. */
  public SimOrderedStore state() {
    return state;
  }

  public SimFiles root() {
    return root;
  }

  public SimFiles snapshots() {
    return snapshots;
  }
}
