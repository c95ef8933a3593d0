package io.flotilla.shard.descriptor;

/**
 * Rises with every change of a shard; two descriptors of one shard with one epoch are equal.
 *
 * @param membershipVersion rises by one with each membership step
 * @param rangeVersion rises by one with each split
 */
public record ShardEpoch(long membershipVersion, long rangeVersion) {
  public static final ShardEpoch FIRST = new ShardEpoch(1, 1);

  public ShardEpoch nextMembership() {
    return new ShardEpoch(membershipVersion + 1, rangeVersion);
  }

  public ShardEpoch nextRange() {
    return new ShardEpoch(membershipVersion, rangeVersion + 1);
  }
}
