package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Runs the commands of a script on one group and tells what happened. */
final class ScriptRunner {
  private final TestConfig config = new TestConfig();
  private final RaftGroup group = new RaftGroup(config, 1);
  private final Transcript transcript = new Transcript();

  ScriptRunner() {
    group.listen(transcript);
  }

  /** Runs one command; the lines it gives. */
  List<String> run(String command) {
    String[] words = command.trim().split("\\s+");
    switch (words[0]) {
      case "set" -> set(words[1], words[2]);
      case "add-nodes" -> group.addVoters(Integer.parseInt(words[1]));
      case "add-spare" -> addSpare(id(words, 1));
      case "campaign" -> group.node(id(words, 1)).campaign();
      case "elect" -> elect(id(words, 1));
      case "propose" -> propose(words);
      case "membership" -> membership(words);
      case "read" -> read(id(words, 1));
      case "transfer" -> say(group.node(id(words, 1)).transferLeadership(id(words, 2)));
      case "compact" -> compact(id(words, 1));
      case "crash" -> group.crash(id(words, 1));
      case "restart" -> restart(id(words, 1));
      case "status" -> group.all().forEach(this::status);
      case "progress" -> progress(id(words, 1));
      case "log" -> log(id(words, 1));
      default -> runOnNetworkOrTime(words);
    }
    return transcript.take();
  }

  private void runOnNetworkOrTime(String[] words) {
    switch (words[0]) {
      case "stabilize" -> group.settle();
      case "tick" -> group.tick(words.length > 1 ? Integer.parseInt(words[1]) : 1);
      case "tick-one" -> group.tick(id(words, 1), Integer.parseInt(words[2]));
      case "hand-out" -> group.get(id(words, 1)).handOut();
      case "write" -> group.get(id(words, 1)).writeOne();
      case "persist" -> group.get(id(words, 1)).persist();
      case "apply" -> group.get(id(words, 1)).apply();
      case "deliver" -> deliver(words);
      case "cut" -> group.network.cut(id(words, 1), id(words, 2));
      case "cut-one-way" -> group.network.cutOneWay(id(words, 1), id(words, 2));
      case "isolate" -> group.isolate(id(words, 1));
      case "drop" -> group.network.drop(kind(words[1]));
      case "heal" -> group.network.heal();
      default -> throw new IllegalArgumentException("no such command: " + words[0]);
    }
  }

  private static long id(String[] words, int at) {
    return Long.parseLong(words[at]);
  }

  private void say(Object line) {
    transcript.say(line.toString());
  }

  private void set(String name, String value) {
    switch (name) {
      case "pre-vote" -> config.preVote = value.equals("on");
      case "check-quorum" -> config.checkQuorum = value.equals("on");
      case "show-heartbeats" -> transcript.showsHeartbeats = value.equals("on");
      case "lease" -> config.leaderLease = value.equals("on");
      case "heartbeat-ticks" -> config.heartbeatTicks = Integer.parseInt(value);
      case "max-bytes-per-append" -> config.maxBytesPerAppend = Integer.parseInt(value);
      default -> throw new IllegalArgumentException("no such setting: " + name);
    }
  }

  /** A replica that knows the group as it was at first, without itself. */
  private void addSpare(long id) {
    group.addOne(id, group.get(1).disk.membership, new MemoryLog());
  }

  /** An election that the script is not about. */
  private void elect(long id) {
    group.elect(id);
    transcript.take();
    say(group.leaderId() + " leads term " + group.node(id).term());
  }

  private void propose(String[] words) {
    ProposalResult result = group.propose(id(words, 1), words[2]);
    say(result);
  }

  private void say(ProposalResult result) {
    say(
        result.accepted()
            ? "accepted at " + result.index() + "/" + result.term()
            : result.status() + (result.leaderId() == 0 ? "" : ", leader " + result.leaderId()));
  }

  private void membership(String[] words) {
    List<MembershipChange.Step> steps = new ArrayList<>();
    for (int i = 2; i + 1 < words.length; i += 2) {
      MembershipChange.Kind kind =
          switch (words[i]) {
            case "add-voter" -> MembershipChange.Kind.ADD_VOTER;
            case "add-learner" -> MembershipChange.Kind.ADD_LEARNER;
            case "remove" -> MembershipChange.Kind.REMOVE;
            default -> throw new IllegalArgumentException("no such change: " + words[i]);
          };
      steps.add(new MembershipChange.Step(kind, id(words, i + 1)));
    }
    MembershipChange change = new MembershipChange(steps, Payload.EMPTY);
    say(group.node(id(words, 1)).proposeMembership(change));
  }

  private void read(long id) {
    long context = group.newContext();
    say("read " + context + " " + group.node(id).readIndex(context));
  }

  private void compact(long id) {
    group.get(id).flush();
    group.get(id).compact(0);
    say(id + " keeps the log from " + group.get(id).disk.log.firstIndex());
  }

  private void restart(long id) {
    group.restart(id);
    status(group.get(id));
  }

  private void status(SimReplica replica) {
    if (!replica.isUp()) {
      say(replica.id + " down");
      return;
    }
    RaftStatus s = replica.node().status();
    say(
        s.replicaId()
            + " "
            + s.role()
            + " term "
            + s.term()
            + " vote "
            + s.vote()
            + " leader "
            + s.leaderId()
            + " log "
            + s.firstIndex()
            + ".."
            + s.lastIndex()
            + " commit "
            + s.commitIndex()
            + " applied "
            + s.appliedIndex()
            + " "
            + Transcript.membership(s.membership())
            + (s.transferee() == 0 ? "" : ", transfers to " + s.transferee()));
  }

  private void progress(long id) {
    for (RaftStatus.Follower f : group.node(id).status().followers()) {
      say(
          f.replicaId()
              + " "
              + f.state()
              + " match "
              + f.matchIndex()
              + " next "
              + f.nextIndex()
              + (f.recentlyActive() ? " active" : " silent")
              + (f.learner() ? " learner" : ""));
    }
  }

  private void log(long id) {
    MemoryLog log = group.get(id).disk.log;
    StringBuilder line = new StringBuilder(id + " holds");
    for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
      Entry entry = log.get(index);
      String text = entry.type() == Entry.Type.DATA ? entry.payload().toUtf8() : "-";
      line.append(' ').append(index).append('/').append(entry.term()).append(' ').append(text);
    }
    say(line);
  }

  /** deliver | deliver KIND | deliver FROM TO: what is under way now, nobody works in between. */
  private void deliver(String[] words) {
    Predicate<Message> which =
        switch (words.length) {
          case 1 -> m -> true;
          case 2 -> kind(words[1]);
          default -> m -> m.from() == id(words, 1) && m.to() == id(words, 2);
        };
    for (Message message : group.network.underWay()) {
      if (which.test(message)) {
        group.deliverOne(m -> m == message);
      }
    }
  }

  private static Predicate<Message> kind(String name) {
    return message -> message.getClass().getSimpleName().equals(name);
  }
}
