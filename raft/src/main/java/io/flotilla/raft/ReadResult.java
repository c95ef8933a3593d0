package io.flotilla.raft;

/** What became of a request for a read index. */
public enum ReadResult {
  /** A {@link ReadState} follows, unless leadership is lost before. */
  ACCEPTED,
  /** Nobody is known to lead. */
  NOT_LEADER,
  /** This leader has not committed an entry of its term yet (thesis 6.4, step 1). Ask again. */
  NOT_READY,
  /** Too many reads wait already ({@code maxWaitingReads}). Ask again when some were answered. */
  BUSY
}
