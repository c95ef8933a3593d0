package io.flotilla.storage;

/**
 * The disk of one simulated node: it outlives the processes that use it. Opened by one at a time.
 */
public final class SimDisk {

  private final SimFiles root = new SimFiles();
  private final SimFiles snapshots = new SimFiles();
  private SimOrderedStore journal;
  private SimOrderedStore state;

  /** An empty disk. */
  public SimDisk(StoreConfig config) {
    journal = new SimOrderedStore(config.journal().mapBytes());
    state = new SimOrderedStore(config.state().mapBytes());
  }

  /** The next process opens the store; whatever used it before is dead. */
  public NodeStore open(StoreConfig config, StoreExecutors executors) {
    journal = journal.reopen();
    state = state.reopen();
    return NodeStore.over(new NodeStore.Parts(journal, state, root, snapshots), config, executors);
  }

  /** Kills the process: what was not committed or synced is lost. */
  public void crash() {
    journal.crash();
    state.crash();
    root.crash();
    snapshots.crash();
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
