package io.flotilla.raft;

/** What became of a request to transfer leadership. */
public enum TransferResult {
  /** Begun; it ends with a role change, or is aborted within an election timeout. */
  STARTED,
  /** The target leads already. */
  ALREADY_LEADER,
  NOT_LEADER,
  /** The target is not a voter of the present membership. */
  NOT_A_VOTER
}
