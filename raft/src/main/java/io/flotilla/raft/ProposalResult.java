package io.flotilla.raft;

/**
 * What became of a proposal. Accepted means appended to the leader's log, not committed.
 *
 * @param status whether it was accepted
 * @param term the entry's term, if accepted
 * @param index the entry's index, if accepted
 * @param leaderId who is thought to lead, 0 = not known
 */
public record ProposalResult(Status status, long term, long index, long leaderId) {
  /** Whether a proposal was accepted, and if not, why. None but ACCEPTED left a trace. */
  public enum Status {
    ACCEPTED,
    NOT_LEADER,
    /** A leader transfer is under way; it ends or is aborted within an election timeout. */
    TRANSFERRING,
    /** Too many uncommitted bytes. */
    OVERLOADED,
    /**
     * A membership change cannot start yet: another is under way, or nothing of the term is
     * committed.
     */
    NOT_READY,
    /**
     * The change would make a voter of a learner that lacks more than {@code maxPromotionLag}
     * committed entries, or was not heard of within an election timeout: commits would wait for it
     * (R17). Propose it again when {@link RaftStatus#followers()} shows that it has caught up.
     */
    NOT_CAUGHT_UP
  }

  /** Whether the entry is in the leader's log. */
  public boolean accepted() {
    return status == Status.ACCEPTED;
  }
}
