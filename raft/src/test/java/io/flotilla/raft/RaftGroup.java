package io.flotilla.raft;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Replicas of one shard and the network between them, in one thread, driven by hand. */
final class RaftGroup {
  private static final int MAX_ROUNDS = 10_000;

  final SimNetwork network = new SimNetwork();
  final Digests digests = new Digests();
  private final Map<Long, SimReplica> replicas = new TreeMap<>();
  private final List<GroupListener> listeners = new ArrayList<>();
  private final TestConfig config;
  private final SplittableRandom random;
  private final GroupListener toAll;
  private long nextContext = 1;

  RaftGroup(TestConfig config, long seed) {
    this.config = config;
    this.random = new SplittableRandom(seed);
    this.toAll = new Fan(listeners);
  }

  /** Voters 1..n with default settings. */
  static RaftGroup of(int voters) {
    return of(voters, new TestConfig());
  }

  static RaftGroup of(int voters, TestConfig config) {
    RaftGroup group = new RaftGroup(config, 1);
    group.addVoters(voters);
    return group;
  }

  void listen(GroupListener listener) {
    listeners.add(listener);
  }

  void addVoters(int voters) {
    long[] ids = new long[voters];
    for (int i = 0; i < voters; i++) {
      ids[i] = i + 1L;
    }
    add(voters, Membership.of(ids), new MemoryLog());
  }

  /** Starts replicas 1..n with this membership, whether they are in it or not. */
  void add(int count, Membership membership, MemoryLog log) {
    for (int i = 0; i < count; i++) {
      addOne(replicas.size() + 1, membership, log.copy());
    }
  }

  SimReplica addOne(long id, Membership membership, MemoryLog log) {
    SimDisk disk = new SimDisk(log, membership);
    SimReplica replica = new SimReplica(config.build(id), disk, digests, toAll, this::send);
    replicas.put(id, replica);
    replica.start(random.split());
    return replica;
  }

  // ---- who is there

  SimReplica get(long id) {
    SimReplica replica = replicas.get(id);
    if (replica == null) {
      throw new IllegalArgumentException("no replica " + id);
    }
    return replica;
  }

  RaftNode node(long id) {
    return get(id).node();
  }

  Collection<SimReplica> all() {
    return replicas.values();
  }

  List<SimReplica> up() {
    return replicas.values().stream().filter(SimReplica::isUp).toList();
  }

  /** The leader of the highest term, null if there is none. */
  @Nullable SimReplica leader() {
    SimReplica leader = null;
    for (SimReplica replica : replicas.values()) {
      if (replica.isUp()
          && replica.node().isLeader()
          && (leader == null || replica.node().term() > leader.node().term())) {
        leader = replica;
      }
    }
    return leader;
  }

  long leaderId() {
    SimReplica leader = leader();
    return leader == null ? 0 : leader.id;
  }

  // ---- what happens

  private void send(Message message) {
    toAll.sent(message);
    network.send(message);
  }

  /** Puts a message on the network that nobody sent. */
  void inject(Message message) {
    network.send(message);
  }

  /** The first message under way arrives, or is lost. False if there is none. */
  boolean deliverOne() {
    if (network.size() == 0) {
      return false;
    }
    deliver(network.take(0));
    return true;
  }

  /** The first message of which it holds arrives. */
  boolean deliverOne(Predicate<Message> which) {
    Message message = network.takeFirst(which);
    if (message == null) {
      return false;
    }
    deliver(message);
    return true;
  }

  void deliver(Message message) {
    SimReplica target = replicas.get(message.to());
    boolean arrives = target != null && target.isUp() && network.lets(message);
    if (arrives && target != null) {
      toAll.delivered(message);
      target.node().step(message);
    } else {
      toAll.lost(message);
    }
    if (message instanceof Message.InstallSnapshot) {
      SimReplica sender = replicas.get(message.from());
      if (sender != null && sender.isUp()) {
        sender.node().reportSnapshot(message.to(), arrives);
      }
    }
  }

  /** Works and delivers until nothing is left to do; no time passes. */
  void settle() {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      boolean any = false;
      for (SimReplica replica : replicas.values()) {
        any |= replica.work();
      }
      for (int n = network.size(); n > 0; n--) {
        any |= deliverOne();
      }
      if (!any) {
        return;
      }
    }
    throw new AssertionError("the group never comes to rest");
  }

  /** Everybody ticks, then the group settles; so many times. */
  void tick(int times) {
    for (int i = 0; i < times; i++) {
      for (SimReplica replica : up()) {
        replica.node().tick();
      }
      settle();
    }
  }

  void tick(long id, int times) {
    for (int i = 0; i < times; i++) {
      node(id).tick();
    }
  }

  /** The replica campaigns and, if it may win, leads. */
  void elect(long id) {
    node(id).campaign();
    settle();
  }

  ProposalResult propose(long id, String text) {
    return node(id).propose(Payload.utf8(text));
  }

  /** Proposes at the replica and settles. */
  ProposalResult put(long id, String text) {
    ProposalResult result = propose(id, text);
    settle();
    return result;
  }

  ProposalResult change(long id, MembershipChange.Step... steps) {
    ProposalResult result = node(id).proposeMembership(MembershipChange.of(steps));
    settle();
    return result;
  }

  long newContext() {
    return nextContext++;
  }

  void isolate(long id) {
    for (long other : replicas.keySet()) {
      if (other != id) {
        network.cut(id, other);
      }
    }
  }

  void crash(long id) {
    get(id).crash();
  }

  void restart(long id) {
    get(id).start(random.split());
  }

  private record Fan(List<GroupListener> listeners) implements GroupListener {
    @Override
    public void started(SimReplica replica) {
      listeners.forEach(l -> l.started(replica));
    }

    @Override
    public void crashed(SimReplica replica) {
      listeners.forEach(l -> l.crashed(replica));
    }

    @Override
    public void handedOut(SimReplica replica, Ready ready) {
      listeners.forEach(l -> l.handedOut(replica, ready));
    }

    @Override
    public void written(SimReplica replica, Ready ready) {
      listeners.forEach(l -> l.written(replica, ready));
    }

    @Override
    public void sent(Message message) {
      listeners.forEach(l -> l.sent(message));
    }

    @Override
    public void delivered(Message message) {
      listeners.forEach(l -> l.delivered(message));
    }

    @Override
    public void lost(Message message) {
      listeners.forEach(l -> l.lost(message));
    }

    @Override
    public void applied(SimReplica replica, Entry entry) {
      listeners.forEach(l -> l.applied(replica, entry));
    }

    @Override
    public void ignored(SimReplica replica, Message message, String reason) {
      listeners.forEach(l -> l.ignored(replica, message, reason));
    }

    @Override
    public void transferAborted(SimReplica replica, long target) {
      listeners.forEach(l -> l.transferAborted(replica, target));
    }
  }
}
