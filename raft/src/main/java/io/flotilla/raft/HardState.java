package io.flotilla.raft;

/**
 * What must be on disk before a message that depends on it leaves (Raft figure 2, "persistent
 * state").
 *
 * @param term latest term the replica has seen
 * @param vote replica it voted for in that term, 0 = none
 * @param commit highest index known to be committed; a hint, it may lag behind
 */
public record HardState(long term, long vote, long commit) {
  public static final HardState EMPTY = new HardState(0, 0, 0);

  public HardState {
    if (term < 0 || vote < 0 || commit < 0) {
      throw new IllegalArgumentException("negative: " + term + ", " + vote + ", " + commit);
    }
  }
}
