package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes down what happens in a group, a line each. */
final class Transcript implements GroupListener {
  private final List<String> lines = new ArrayList<>();
  private final Describe describe = new Describe();

  /** Heartbeats that carry no round of reads say little and are many. */
  boolean showsHeartbeats;

  void say(String line) {
    lines.add(line);
  }

  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  @Override
  public void crashed(SimReplica replica) {
    say(replica.id + " crashes");
  }

  @Override
  public void handedOut(SimReplica replica, Ready ready) {
    RoleChange change = ready.roleChange();
    if (change != null) {
      say(
          replica.id
              + " is "
              + change.role()
              + " in term "
              + change.term()
              + (change.leaderId() == 0 ? "" : ", leader " + change.leaderId()));
    }
    for (ReadState read : ready.readStates()) {
      say(replica.id + " may serve read " + read.context() + " at index " + read.index());
    }
  }

  @Override
  public void written(SimReplica replica, Ready ready) {
    if (!ready.needsPersistence()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    HardState state = ready.hardState();
    if (state != null) {
      parts.add("term " + state.term() + " vote " + state.vote() + " commit " + state.commit());
    }
    SnapshotMetadata snapshot = ready.snapshot();
    if (snapshot != null) {
      parts.add("snapshot " + snapshot.index() + "/" + snapshot.term());
    }
    if (!ready.entries().isEmpty()) {
      parts.add(describe.entries(ready.entries()));
    }
    say(replica.id + " writes " + String.join(", ", parts));
  }

  @Override
  public void delivered(Message message) {
    if (shows(message)) {
      say(message.accept(describe));
    }
  }

  @Override
  public void lost(Message message) {
    if (shows(message)) {
      say(message.accept(describe) + " (lost)");
    }
  }

  private boolean shows(Message message) {
    if (message instanceof Message.Heartbeat heartbeat) {
      return showsHeartbeats || heartbeat.readRound() > 0;
    }
    if (message instanceof Message.HeartbeatReply reply) {
      return showsHeartbeats || reply.readRound() > 0;
    }
    return true;
  }

  @Override
  public void applied(SimReplica replica, Entry entry) {
    say(replica.id + " applies " + describe.entry(entry));
  }

  @Override
  public void ignored(SimReplica replica, Message message, String reason) {
    say("  " + replica.id + " ignores it: " + reason);
  }

  @Override
  public void transferAborted(SimReplica replica, long target) {
    say(replica.id + " gives up the transfer to " + target);
  }

  static String membership(Membership m) {
    String text = "voters " + m.voters();
    if (m.isJoint()) {
      text += " and " + m.outgoing();
    }
    if (!m.learners().isEmpty()) {
      text += ", learners " + m.learners();
    }
    if (!m.demoted().isEmpty()) {
      text += ", demoted " + m.demoted();
    }
    return text;
  }

  /** A position in the log is written index/term. */
  private static final class Describe implements MessageVisitor<String> {
    String entry(Entry entry) {
      String position = entry.index() + "/" + entry.term();
      return switch (entry.type()) {
        case NOOP -> position + " noop";
        case DATA -> position + " " + entry.payload().toUtf8();
        case MEMBERSHIP -> position + " " + change(MembershipChange.decode(entry.payload()));
      };
    }

    String entries(List<Entry> entries) {
      return entries.stream().map(this::entry).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String change(MembershipChange change) {
      if (change.leavesJoint()) {
        return "LEAVE_JOINT";
      }
      return change.steps().stream()
          .map(step -> step.kind() + " " + step.replicaId())
          .collect(Collectors.joining(" + "));
    }

    private static String head(Message m, String name) {
      return m.from() + " -> " + m.to() + " " + name + " term " + m.term();
    }

    @Override
    public String requestVote(Message.RequestVote m) {
      return head(m, m.preVote() ? "PreVote" : "RequestVote")
          + ", log ends "
          + m.lastIndex()
          + "/"
          + m.lastTerm()
          + (m.transfer() ? ", for a transfer" : "");
    }

    @Override
    public String requestVoteReply(Message.RequestVoteReply m) {
      return head(m, m.preVote() ? "PreVoteReply" : "RequestVoteReply")
          + (m.granted() ? " yes" : " no")
          + (m.commit() == 0 ? "" : ", commit " + m.commit() + "/" + m.commitTerm());
    }

    @Override
    public String appendEntries(Message.AppendEntries m) {
      return head(m, "AppendEntries")
          + " after "
          + m.prevIndex()
          + "/"
          + m.prevTerm()
          + " commit "
          + m.commit()
          + " "
          + entries(m.entries());
    }

    @Override
    public String appendEntriesReply(Message.AppendEntriesReply m) {
      return head(m, "AppendEntriesReply")
          + (m.reject()
              ? " no after " + m.index() + ", try " + m.hintIndex() + "/" + m.hintTerm()
              : " up to " + m.index());
    }

    @Override
    public String heartbeat(Message.Heartbeat m) {
      return head(m, "Heartbeat") + " commit " + m.commit() + round(m.readRound());
    }

    @Override
    public String commit(Message.Commit m) {
      return head(m, "Commit") + " commit " + m.commit();
    }

    @Override
    public String heartbeatReply(Message.HeartbeatReply m) {
      return head(m, "HeartbeatReply") + round(m.readRound());
    }

    private static String round(long round) {
      return round == 0 ? "" : " round " + round;
    }

    @Override
    public String installSnapshot(Message.InstallSnapshot m) {
      SnapshotMetadata s = m.snapshot();
      return head(m, "InstallSnapshot")
          + " "
          + s.index()
          + "/"
          + s.term()
          + ", "
          + membership(s.membership());
    }

    @Override
    public String timeoutNow(Message.TimeoutNow m) {
      return head(m, "TimeoutNow");
    }

    @Override
    public String readIndexRequest(Message.ReadIndexRequest m) {
      return head(m, "ReadIndexRequest") + " read " + m.context();
    }

    @Override
    public String readIndexReply(Message.ReadIndexReply m) {
      return head(m, "ReadIndexReply") + " read " + m.context() + " at index " + m.index();
    }
  }
}
