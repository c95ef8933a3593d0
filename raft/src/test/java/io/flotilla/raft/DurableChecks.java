package io.flotilla.raft;

import static io.flotilla.raft.RaftOracle.require;

/** Whether what a message says is on the sender's disk when it leaves (R1, R3). */
final class DurableChecks {
  private final RaftGroup group;

  DurableChecks(RaftGroup group) {
    this.group = group;
  }

  void mayLeave(SimReplica sender, Message message) {
    HardState state = sender.disk.hardState;
    require(
        state.term() >= termBehind(message),
        "replica " + sender.id + " speaks in a term that is not on its disk: " + message);
    if (message instanceof Message.RequestVote request) {
      require(
          request.preVote() || votedFor(state, request.term(), sender.id),
          "replica " + sender.id + " campaigns before its vote is on disk");
      require(
          sender.disk.log.covers(request.lastIndex(), request.lastTerm()),
          "replica " + sender.id + " boasts of a log that is not on its disk");
    } else if (message instanceof Message.RequestVoteReply reply) {
      require(
          reply.preVote() || !reply.granted() || votedFor(state, reply.term(), reply.to()),
          "replica " + sender.id + " answers before its vote is on disk");
    } else if (message instanceof Message.AppendEntriesReply reply && !reply.reject()) {
      acknowledges(sender, reply);
    }
  }

  private static boolean votedFor(HardState state, long term, long candidate) {
    return state.term() > term || (state.term() == term && state.vote() == candidate);
  }

  private void acknowledges(SimReplica sender, Message.AppendEntriesReply reply) {
    require(
        sender.disk.log.lastIndex() >= reply.index(),
        "replica " + sender.id + " acknowledges " + reply.index() + " before it is on disk");
    SimReplica leader = group.get(reply.to());
    boolean stillLeads =
        leader.isUp() && leader.node().isLeader() && leader.node().term() == reply.term();
    if (stillLeads && leader.view.has(reply.index())) {
      require(
          sender.disk.log.covers(reply.index(), leader.view.term(reply.index())),
          "replica " + sender.id + " acknowledges another entry than the leader's");
    }
  }

  /** The term that the sender must have on disk. */
  private static long termBehind(Message message) {
    if (message instanceof Message.RequestVote request && request.preVote()) {
      return request.term() - 1;
    }
    if (message instanceof Message.RequestVoteReply reply && reply.preVote() && reply.granted()) {
      return 0; // carries the term asked for
    }
    return message.term();
  }
}
