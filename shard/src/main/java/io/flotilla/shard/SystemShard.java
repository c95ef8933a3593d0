package io.flotilla.shard;

/**
 * This node's replica of the system shard, with what works where that is led.
 *
 * @param replica of the system shard
 * @param scheduler sees to where replicas and leaders are
 * @param calls answers what is asked of the placement
 */
record SystemShard(Replica replica, Scheduler scheduler, PlacementCalls calls) {
  static SystemShard of(Replica replica, HostParts parts) {
    Scheduler scheduler = new Scheduler(replica, parts);
    return new SystemShard(
        replica,
        scheduler,
        new PlacementCalls(replica, scheduler, () -> parts.config().snapshots()));
  }
}
