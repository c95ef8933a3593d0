package io.flotilla.shard.support;

import io.flotilla.storage.NodeStore;
import io.flotilla.storage.SimDisk;
import io.flotilla.storage.StepExecutor;
import io.flotilla.storage.StoreConfig;
import io.flotilla.storage.StoreExecutors;
import java.util.ArrayList;
import java.util.List;

/** A node's store on a simulated disk, whose writers move when they are told to. */
public final class HandDrivenStore {
  private final StoreConfig config = StoreConfig.small();
  private final SimDisk disk = new SimDisk(config);
  private final StepExecutor journalWriter = new StepExecutor();
  private final StepExecutor stateWriter = new StepExecutor();
  private final StepExecutor background = new StepExecutor();
  private final List<Throwable> fatal = new ArrayList<>();
  private NodeStore store;

  public HandDrivenStore() {
    store = open();
  }

  private NodeStore open() {
    return disk.open(
        config,
        new StoreExecutors(
            journalWriter, stateWriter, background, (what, cause) -> fatal.add(cause)));
  }

  public NodeStore store() {
    return store;
  }

  public SimDisk disk() {
    return disk;
  }

  public StepExecutor journalWriter() {
    return journalWriter;
  }

  public StepExecutor stateWriter() {
    return stateWriter;
  }

  public StepExecutor background() {
    return background;
  }

  /** Failures that would have ended a process. */
  public List<Throwable> fatal() {
    return fatal;
  }

  /** The process dies, what was not durable is gone, and the next one opens the store. */
  public void crash() {
    journalWriter.clear();
    stateWriter.clear();
    background.clear();
    disk.crash();
    store = open();
  }

  /** Runs one task of each writer; false when there was none. */
  public boolean runOne() {
    boolean moved = journalWriter.runOne();
    moved |= stateWriter.runOne();
    moved |= background.runOne();
    return moved;
  }

  /** Runs everything that is queued anywhere. */
  public void settle() {
    boolean moved;
    do {
      moved = runOne();
    } while (moved);
  }
}
