package io.flotilla.raft;

/** What a replica is in its term (Raft figure 4, with the pre-candidate of thesis 9.6). */
public enum Role {
  FOLLOWER,
  PRE_CANDIDATE,
  CANDIDATE,
  LEADER
}
