package io.flotilla.raft;

/**
 * What must be on disk before a message that depends on it leaves (Raft figure 2, "persistent
 * state").
 *
 * @param term latest term the replica has seen
 * @param vote replica it voted for in that term, 0 = none
 * @param commit an index known to be committed. It is written only together with a term, a vote or
 *     entries, so it lags behind what is known, and what is committed is found again after an
 *     election. But it is no mere hint, two things rest on it:
 *     <ul>
 *       <li>Whoever has an entry on disk has with it the commit index that came with the entry. A
 *           leader proposes a membership only when the one before it is applied, so whoever holds
 *           the later one knows after a restart that the earlier one is committed, and does not
 *           campaign with a membership two steps old, whose quorum need not meet the present one's
 *           (R12). So a write of entries must never be split from its hard state, nor the commit
 *           index in it be lowered.
 *       <li>A log that ends below it has lost its end: the replica refuses to start (R39).
 *     </ul>
 */
public record HardState(long term, long vote, long commit) {
  public static final HardState EMPTY = new HardState(0, 0, 0);

  public HardState {
    if (term < 0 || vote < 0 || commit < 0) {
      throw new IllegalArgumentException("negative: " + term + ", " + vote + ", " + commit);
    }
  }
}
