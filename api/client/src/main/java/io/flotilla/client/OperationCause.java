package io.flotilla.client;

/** Why a replica is moved. */
public enum OperationCause {
  /** Somebody asked for it. */
  REQUEST,
  /** A node is to be emptied. */
  DRAIN,
  /** A node has not been heard of for too long, or was said to be lost. */
  DEAD_NODE,
  /** The shard has fewer voters than it should. */
  TOO_FEW,
  /** The shard has more voters than it should. */
  TOO_MANY,
  /** Voters share a zone although another zone has fewer. */
  ZONES,
  /** Evens out how much the nodes hold. */
  BALANCE,
  /** A copy without a vote that no operation used. */
  LEFTOVER,
  /** One that this version of the client does not know. */
  OTHER
}
