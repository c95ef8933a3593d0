package io.flotilla.raft;

import java.util.List;

/**
 * What replicas of one shard say to each other. {@code from} and {@code to} are replica ids, {@code
 * term} is the sender's term, but for pre-votes, where it is the term the sender would campaign in.
 * Messages may be lost, doubled and reordered.
 */
public sealed interface Message {
  long from();

  long to();

  long term();

  /** Calls the visitor's method for this kind of message. */
  <R> R accept(MessageVisitor<R> visitor);

  /**
   * A candidate asks for a vote (Raft §5.2), or a pre-candidate whether it would get one (thesis
   * 9.6).
   *
   * @param lastIndex index of the candidate's last entry
   * @param lastTerm term of that entry
   * @param preVote a question only: changes nothing at the receiver
   * @param transfer the leader wanted it: voters do not wait for a leader to be silent (thesis
   *     4.2.3)
   */
  record RequestVote(
      long from,
      long to,
      long term,
      long lastIndex,
      long lastTerm,
      boolean preVote,
      boolean transfer)
      implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.requestVote(this);
    }
  }

  /**
   * The answer to a {@link RequestVote}. A granted pre-vote carries the term asked for.
   *
   * @param commit what the voter knows to be committed, whether it grants or refuses: the candidate
   *     may not know that a membership in its log is (R12)
   * @param commitTerm term of that entry
   */
  record RequestVoteReply(
      long from, long to, long term, boolean granted, boolean preVote, long commit, long commitTerm)
      implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.requestVoteReply(this);
    }
  }

  /**
   * Entries that follow (prevIndex, prevTerm) in the leader's log (Raft §5.3).
   *
   * @param entries may be empty
   * @param commit the leader's commit index
   */
  record AppendEntries(
      long from,
      long to,
      long term,
      long prevIndex,
      long prevTerm,
      List<Entry> entries,
      long commit)
      implements Message {
    public AppendEntries {
      entries = List.copyOf(entries);
    }

    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.appendEntries(this);
    }
  }

  /**
   * The answer to an {@link AppendEntries} or {@link InstallSnapshot}.
   *
   * @param reject the follower's log does not hold (prevIndex, prevTerm)
   * @param index accepted: last index known to match; rejected: the prevIndex that was refused
   * @param hintIndex rejected: an index at which the logs may agree
   * @param hintTerm rejected: the follower's term at hintIndex
   */
  record AppendEntriesReply(
      long from, long to, long term, boolean reject, long index, long hintIndex, long hintTerm)
      implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.appendEntriesReply(this);
    }
  }

  /**
   * The leader is there.
   *
   * @param commit the leader's commit index, but never above what the receiver is known to hold
   *     (R9)
   * @param readRound the latest round of reads that waits for a quorum, 0 = none
   */
  record Heartbeat(long from, long to, long term, long commit, long readRound) implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.heartbeat(this);
    }
  }

  /**
   * More is committed than was told before. Nothing answers it: if it is lost, the next append or
   * heartbeat says the same.
   *
   * @param commit the leader's commit index, but never above what the receiver is known to hold
   *     (R9)
   */
  record Commit(long from, long to, long term, long commit) implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.commit(this);
    }
  }

  /** The answer to a {@link Heartbeat}, with its round. */
  record HeartbeatReply(long from, long to, long term, long readRound) implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.heartbeatReply(this);
    }
  }

  /**
   * A snapshot takes the place of the receiver's log up to its index (Raft §7). In a leader's
   * {@link Ready} it is a wish: the embedder sends a snapshot at least as new, with its own
   * metadata.
   */
  record InstallSnapshot(long from, long to, long term, SnapshotMetadata snapshot)
      implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.installSnapshot(this);
    }
  }

  /** The leader asks the receiver to campaign at once (thesis 3.10). */
  record TimeoutNow(long from, long to, long term) implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.timeoutNow(this);
    }
  }

  /** A follower asks the leader for a read index (thesis 6.4). */
  record ReadIndexRequest(long from, long to, long term, long context) implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.readIndexRequest(this);
    }
  }

  /** The answer to a {@link ReadIndexRequest}. */
  record ReadIndexReply(long from, long to, long term, long context, long index)
      implements Message {
    @Override
    public <R> R accept(MessageVisitor<R> visitor) {
      return visitor.readIndexReply(this);
    }
  }
}
