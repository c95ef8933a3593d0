package io.flotilla.storage;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store on a simulated disk, driven by hand. */
final class SimNode {

  final StoreConfig config;
  final SimDisk disk;
  final StepExecutor journalWriter = new StepExecutor();
  final StepExecutor stateWriter = new StepExecutor();
  final StepExecutor background = new StepExecutor();
  final List<Throwable> fatal = new ArrayList<>();
  private @Nullable NodeStore store;

  SimNode(StoreConfig config) {
    this.config = config;
    this.disk = new SimDisk(config);
    open();
  }

  NodeStore store() {
    if (store == null) {
      throw new IllegalStateException("the node is down");
    }
    return store;
  }

  Journal journal() {
    return store().journal();
  }

  StateStore state() {
    return store().state();
  }

  /** Dies now and starts again. */
  void restart() {
    disk.crash();
    open();
  }

  void open() {
    journalWriter.clear();
    stateWriter.clear();
    background.clear();
    fatal.clear();
    store = disk.open(config, executors());
  }

  /** Runs everything that is queued anywhere. */
  void settle() {
    boolean ran = true;
    while (ran) {
      ran = journalWriter.runOne() | stateWriter.runOne() | background.runOne();
    }
  }

  private StoreExecutors executors() {
    return new StoreExecutors(
        journalWriter, stateWriter, background, (what, cause) -> fatal.add(cause));
  }
}
