package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One real replica whose peers are the test: what it says is kept, what it hears is told. */
final class Lone {
  final SimReplica replica;
  private final List<Message> said = new ArrayList<>();

  Lone(long id, Membership membership) {
    this(id, membership, new TestConfig(), HardState.EMPTY);
  }

  Lone(long id, Membership membership, TestConfig config, HardState hardState, Entry... entries) {
    MemoryLog log = new MemoryLog();
    log.append(List.of(entries));
    SimDisk disk = new SimDisk(log, membership);
    disk.hardState = hardState;
    replica =
        new SimReplica(config.build(id), disk, new Digests(), new GroupListener() {}, said::add);
    replica.start(new SplittableRandom(id));
  }

  static Entry entry(long term, long index, String text) {
    return new Entry(term, index, Entry.Type.DATA, Payload.utf8(text));
  }

  static Entry membershipEntry(long term, long index, MembershipChange.Step... steps) {
    return new Entry(term, index, Entry.Type.MEMBERSHIP, MembershipChange.of(steps).encode());
  }

  static MembershipChange.Step step(MembershipChange.Kind kind, long id) {
    return new MembershipChange.Step(kind, id);
  }

  RaftNode node() {
    return replica.node();
  }

  long id() {
    return replica.id;
  }

  /** Tells it without letting it work. */
  void hear(Message message) {
    node().step(message);
  }

  /** Tells it, lets it write and apply, and gives what it said. */
  List<Message> ask(Message message) {
    said.clear();
    hear(message);
    replica.work();
    return said();
  }

  List<Message> work() {
    said.clear();
    replica.work();
    return said();
  }

  void tick(int times) {
    for (int i = 0; i < times; i++) {
      node().tick();
    }
  }

  List<Message> said() {
    List<Message> taken = List.copyOf(said);
    said.clear();
    return taken;
  }

  <T extends Message> List<T> saidOf(Class<T> kind) {
    return said().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Makes it the leader of the next term, with the votes of all. */
  void lead() {
    node().campaign();
    replica.work();
    for (int round = 0; round < 2 && !node().isLeader(); round++) {
      for (Message message : said()) {
        if (message instanceof Message.RequestVote request) {
          hear(
              new Message.RequestVoteReply(
                  request.to(), id(), request.term(), true, request.preVote(), 0, 0));
        }
      }
      replica.work();
    }
    if (!node().isLeader()) {
      throw new AssertionError("not elected: " + node().status());
    }
  }

  /** The follower acknowledges. */
  void acknowledge(long follower, long index) {
    hear(new Message.AppendEntriesReply(follower, id(), node().term(), false, index, 0, 0));
  }

  Message.AppendEntries append(long term, long prevIndex, long prevTerm, long commit, Entry... e) {
    return new Message.AppendEntries(
        otherId(), id(), term, prevIndex, prevTerm, List.of(e), commit);
  }

  private long otherId() {
    return id() == 1 ? 2 : 1;
  }

  Message.RequestVote vote(long from, long term, long lastIndex, long lastTerm) {
    return new Message.RequestVote(from, id(), term, lastIndex, lastTerm, false, false);
  }
}
