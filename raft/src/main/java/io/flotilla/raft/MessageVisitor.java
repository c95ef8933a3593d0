package io.flotilla.raft;

/**
 * One method per kind of message.
 *
 * @param <R> what a visit gives
 */
public interface MessageVisitor<R> {
  R requestVote(Message.RequestVote message);

  R requestVoteReply(Message.RequestVoteReply message);

  R appendEntries(Message.AppendEntries message);

  R appendEntriesReply(Message.AppendEntriesReply message);

  R heartbeat(Message.Heartbeat message);

  R commit(Message.Commit message);

  R heartbeatReply(Message.HeartbeatReply message);

  R installSnapshot(Message.InstallSnapshot message);

  R timeoutNow(Message.TimeoutNow message);

  R readIndexRequest(Message.ReadIndexRequest message);

  R readIndexReply(Message.ReadIndexReply message);
}
