package io.flotilla.raft;

/**
 * What a replica knew when it stopped.
 *
 * @param hardState from the journal
 * @param membership as of {@code applied}
 * @param applied index up to which the state machine is durable; replay goes on after it
 */
public record InitialState(HardState hardState, Membership membership, long applied) {
  public InitialState {
    if (applied < 0) {
      throw new IllegalArgumentException("applied is negative: " + applied);
    }
  }
}
