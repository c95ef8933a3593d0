package io.flotilla.raft;

/**
 * What a snapshot stands for in the log.
 *
 * @param index last index it covers
 * @param term term of that entry
 * @param membership the membership as of that index, joint or not (R30)
 */
public record SnapshotMetadata(long index, long term, Membership membership) {
  public SnapshotMetadata {
    if (index <= 0 || term <= 0) {
      throw new IllegalArgumentException("snapshot at index " + index + ", term " + term);
    }
  }
}
