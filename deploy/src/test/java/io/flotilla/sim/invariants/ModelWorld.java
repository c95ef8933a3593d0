package io.flotilla.sim.invariants;

/** Whom the models of shards tell what happens in them. */
interface ModelWorld {
  DescriptorChecks descriptors();

  MembershipChecks memberships();

  ExecutedWrites executed();

  ClientChecks reads();

  /** Sessions that a shard keeps. */
  int maxSessions();

  /** A shard begins as the right half of another one. */
  void born(ShardModel child);
}
