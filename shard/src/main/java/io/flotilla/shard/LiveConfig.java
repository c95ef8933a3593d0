package io.flotilla.shard;

/** Bounds and timers of a running node, of which some may change. Any thread. */
public final class LiveConfig {
  private volatile HostConfig now;

  public LiveConfig(HostConfig config) {
    this.now = config;
  }

  /** What holds now. */
  public HostConfig now() {
    return now;
  }

  /** From now on snapshots and the scheduler keep to these. */
  public void change(SnapshotConfig snapshots, SchedulerConfig scheduler) {
    now = now.with(snapshots, scheduler);
  }
}
