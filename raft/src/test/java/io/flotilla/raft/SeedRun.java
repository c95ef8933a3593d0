package io.flotilla.raft;

import static io.flotilla.raft.RaftOracle.require;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;

/** One random life of a group, all of it from one seed, under the eyes of the oracle. */
final class SeedRun {
  private static final int MAX_REPLICAS = 6;

  /** Election timeouts that a healed group gets until everything must be well. */
  private static final int HEAL_ROUNDS = 60;

  /** Entries that a learner may lack when it becomes a voter. */
  static final long PROMOTION_LAG = 3;

  final RaftOracle oracle;
  private final RaftGroup group;
  private final TestConfig config = new TestConfig();
  private final SplittableRandom random;
  private final int steps;
  private final int lossPercent;
  private final int duplicatePercent;
  private final int crashPercent;
  private final boolean shuffles;
  private final boolean changesMembership;
  private final boolean compacts;
  private final boolean churns;

  /** With leases: how fast each replica's clock runs, in hundredths; see {@link #passTime}. */
  private final int[] rates = new int[MAX_REPLICAS + 1];

  private final int[] clocks = new int[MAX_REPLICAS + 1];

  /** Of its own, so that what came later leaves the dice of the lives before as they were. */
  private final SplittableRandom later;

  /** So many steps between two attacks. */
  private final int attackSteps;

  final ReadAttacks attacks;

  private long nextReplica;
  private int proposals;

  /** A life like any other, or one that is mostly changes of membership. */
  SeedRun(long seed, boolean churns) {
    this.churns = churns;
    random = new SplittableRandom(seed);
    later = new SplittableRandom(~seed);
    steps = 150 + random.nextInt(450);
    lossPercent = oneOf(0, 0, 5, 20);
    duplicatePercent = oneOf(0, 0, 5, 10);
    crashPercent = oneOf(0, 1, 2, 5);
    shuffles = random.nextBoolean();
    changesMembership = random.nextInt(3) > 0 || churns;
    compacts = random.nextInt(3) > 0;
    config.electionTicks = 6;
    config.heartbeatTicks = 1 + random.nextInt(2);
    config.maxBytesPerAppend = oneOf(1, 60, 1 << 20);
    config.maxInflightMessages = oneOf(1, 2, 256);
    config.maxInflightBytes = Math.max(config.maxBytesPerAppend, oneOf(1, 200, 1 << 20));
    config.maxCommittedBytesPerReady = oneOf(1, 100, 1 << 20);
    config.maxUncommittedBytes = oneOf(20, 1 << 20);
    config.preVote = random.nextInt(4) > 0;
    config.checkQuorum = random.nextInt(4) > 0;
    config.leaderLease = config.checkQuorum && random.nextInt(4) == 0;
    config.maxPromotionLag = PROMOTION_LAG;
    for (int id = 1; id <= MAX_REPLICAS; id++) {
      rates[id] = 90 + later.nextInt(21); // within the 25 percent that the settings allow
      clocks[id] = later.nextInt(1000);
    }
    group = new RaftGroup(config, random.nextLong());
    oracle = new RaftOracle(group);
    attacks = new ReadAttacks(group, oracle, config, later.split(), this::passTime);
    attackSteps = 20 + later.nextInt(200);
    int voters = oneOf(1, 2, 3, 3, 3, 4, 5);
    nextReplica = voters + 1;
    // Indexes and terms around 32 and 53 bits now and then (R40).
    long base = oneOf(0, 0, 1) == 0 ? 0 : -5 + random.nextInt(10) + nearOverflow();
    MemoryLog log = base == 0 ? new MemoryLog() : new MemoryLog(base, nearOverflow());
    long[] ids = new long[voters];
    for (int i = 0; i < voters; i++) {
      ids[i] = i + 1L;
    }
    group.add(MAX_REPLICAS, Membership.of(ids), log);
  }

  private long nearOverflow() {
    return (1L << (later.nextBoolean() ? 31 : 53)) - later.nextInt(5);
  }

  private int oneOf(int... values) {
    return values[random.nextInt(values.length)];
  }

  void run() {
    for (int i = 0; i < steps; i++) {
      step();
      oracle.check();
      if (i % attackSteps == attackSteps - 1) {
        attacks.attack();
      }
    }
    heal();
    removeWhoLeft();
    allIsWell();
  }

  // ---- trouble

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 34) {
      deliver();
    } else if (dice < 64) {
      work(any());
    } else if (dice < 80) {
      tick();
    } else if (dice < 90) {
      ask();
    } else if (dice < 90 + crashPercent) {
      crashOrRestart();
    } else if (dice < 97) {
      steady();
    } else {
      network();
    }
  }

  private SimReplica any() {
    return group.get(1 + random.nextInt(MAX_REPLICAS));
  }

  private void deliver() {
    SimNetwork network = group.network;
    for (int n = random.nextInt(6); n > 0 && network.size() > 0; n--) {
      int at = shuffles ? random.nextInt(network.size()) : 0;
      if (random.nextInt(100) < duplicatePercent) {
        network.duplicate(at);
      }
      Message message = network.take(at);
      boolean loses = random.nextInt(100) < lossPercent;
      if (loses && !(message instanceof Message.InstallSnapshot)) {
        continue;
      }
      group.deliver(message);
      oracle.check();
    }
  }

  /** One small thing, or all there is to do. */
  private void work(SimReplica replica) {
    if (!replica.isUp()) {
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> replica.handOutOne();
      case 1 -> replica.writeOne();
      case 2 -> replica.tellOne();
      case 3 -> replica.applyOne();
      case 4 -> replica.handOut();
      case 5 -> replica.persist();
      case 6 -> replica.apply();
      default -> replica.work();
    }
  }

  private void tick() {
    if (config.leaderLease) {
      passTime(1 + later.nextInt(20));
      return;
    }
    if (random.nextInt(4) == 0) {
      group.up().forEach(replica -> replica.node().tick());
      return;
    }
    SimReplica replica = any();
    if (replica.isUp()) {
      for (int n = 1 + random.nextInt(8); n > 0; n--) {
        replica.node().tick();
      }
    }
  }

  /**
   * Leases trust clocks, nothing else does: tenths of true ticks pass, for each at its own rate.
   */
  private void passTime(int tenths) {
    for (int i = 0; i < tenths; i++) {
      for (SimReplica replica : group.all()) {
        int id = (int) replica.id;
        clocks[id] += rates[id];
        if (clocks[id] >= 1000) {
          clocks[id] -= 1000;
          if (replica.isUp()) {
            replica.node().tick();
          }
        }
      }
      oracle.check();
    }
  }

  private void ask() {
    SimReplica replica = random.nextInt(3) > 0 && group.leader() != null ? group.leader() : any();
    if (replica == null || !replica.isUp()) {
      return;
    }
    RaftNode node = replica.node();
    int wish = random.nextInt(10);
    switch (churns && wish < 3 ? 7 : wish) {
      case 0, 1, 2, 3 -> node.propose(Payload.utf8("p" + proposals++));
      case 4, 5 -> {
        long context = group.newContext();
        oracle.readBegins(context);
        node.readIndex(context);
      }
      case 6 -> node.transferLeadership(1 + random.nextInt(MAX_REPLICAS));
      case 7, 8 -> changeMembership(node);
      default -> flushAndCompact(replica);
    }
  }

  private void flushAndCompact(SimReplica replica) {
    replica.flush();
    if (compacts) {
      replica.compact(random.nextInt(3));
    }
  }

  private void changeMembership(RaftNode node) {
    if (!changesMembership || !node.isLeader()) {
      return;
    }
    List<MembershipChange.Step> steps = new ArrayList<>();
    Membership membership = node.membership();
    List<Long> members = new ArrayList<>(membership.all());
    for (int n = oneOf(1, 1, 2, 3); n > 0; n--) {
      boolean adds = random.nextBoolean() && nextReplica + n <= MAX_REPLICAS + 1;
      long id = adds ? nextReplica + n - 1 : members.get(random.nextInt(members.size()));
      if (steps.stream().anyMatch(step -> step.replicaId() == id)) {
        continue;
      }
      MembershipChange.Kind kind =
          switch (random.nextInt(adds ? 2 : 3)) {
            case 0 -> MembershipChange.Kind.ADD_VOTER;
            case 1 -> MembershipChange.Kind.ADD_LEARNER;
            default -> MembershipChange.Kind.REMOVE;
          };
      steps.add(new MembershipChange.Step(kind, id));
    }
    try {
      ProposalResult result = node.proposeMembership(new MembershipChange(steps, Payload.EMPTY));
      if (result.accepted()) {
        // A replica id is used once (R37), whatever becomes of the change.
        for (MembershipChange.Step step : steps) {
          nextReplica = Math.max(nextReplica, step.replicaId() + 1);
          if (step.kind() == MembershipChange.Kind.ADD_VOTER
              && membership.learners().contains(step.replicaId())) {
            oracle.promotes(node, step.replicaId());
          }
        }
      }
    } catch (IllegalArgumentException e) {
      require(!steps.isEmpty(), "only a change that fits may be refused this way: " + e);
    }
  }

  private void crashOrRestart() {
    SimReplica replica = any();
    if (!replica.isUp()) {
      group.restart(replica.id);
      return;
    }
    for (int n = random.nextInt(3); n > 0; n--) {
      replica.writeOne(); // on disk, though nobody was told
    }
    replica.crash();
    if (random.nextBoolean()) {
      group.restart(replica.id);
    }
  }

  /** Some rest, or nothing would ever be committed. */
  private void steady() {
    for (int round = 0; round < 3; round++) {
      group.up().forEach(SimReplica::work);
      for (int n = group.network.size(); n > 0; n--) {
        group.deliver(group.network.take(0));
        oracle.check();
      }
    }
    if (random.nextInt(3) == 0) {
      if (config.leaderLease) {
        passTime(10);
      } else {
        group.up().forEach(replica -> replica.node().tick());
      }
    }
  }

  private void network() {
    long a = 1 + random.nextInt(MAX_REPLICAS);
    long b = 1 + random.nextInt(MAX_REPLICAS);
    switch (random.nextInt(6)) {
      case 0 -> group.network.cut(a, b);
      case 1 -> group.network.cutOneWay(a, b);
      case 2 -> group.isolate(a);
      default -> group.network.heal();
    }
  }

  // ---- and then

  private void heal() {
    group.network.heal();
    for (SimReplica replica : group.all()) {
      if (!replica.isUp()) {
        group.restart(replica.id);
      }
    }
    tickUntilWell(8 * config.electionTicks);
  }

  private void tickUntilWell(int atLeast) {
    for (int i = 0; i < HEAL_ROUNDS * config.electionTicks; i++) {
      group.tick(1);
      oracle.check();
      if (i >= atLeast && isWell()) {
        return;
      }
    }
  }

  /**
   * Their hosts take them down; without check-quorum they would disturb for ever (thesis 4.2.3).
   */
  private void removeWhoLeft() {
    SimReplica leader = group.leader();
    if (leader != null && isWell()) {
      SortedSet<Long> members = leader.membership().all();
      group.up().stream().filter(r -> !members.contains(r.id)).forEach(SimReplica::crash);
      tickUntilWell(0);
    }
  }

  private boolean isWell() {
    SimReplica leader = group.leader();
    return leader != null
        && !leader.membership().isJoint()
        && leader.membership().all().stream()
            .allMatch(id -> group.get(id).applied() == leader.node().lastIndex());
  }

  private void allIsWell() {
    SimReplica leader = group.leader();
    if (leader == null) {
      StringBuilder all = new StringBuilder();
      group.all().forEach(r -> all.append('\n').append(r.node().status()));
      throw new AssertionError("nobody leads a healed group" + all);
    }
    for (int i = 0; i < 3; i++) {
      ProposalResult result = group.put(leader.id, "end" + i);
      require(result.accepted(), "a healed group refuses a proposal: " + result);
      oracle.check();
    }
    group.tick(config.heartbeatTicks + 1);
    require(leader.node().isLeader(), "the leader of a healed group is deposed");
    require(!leader.membership().isJoint(), "the membership stays joint");
    long last = leader.node().lastIndex();
    for (long id : leader.membership().all()) {
      SimReplica member = group.get(id);
      require(
          member.applied() == last,
          id + " stays behind: " + member.node().status() + ", " + leader.node().status());
      require(member.digest() == leader.digest(), id + " has another state");
      require(member.membership().equals(leader.membership()), id + " has another membership");
      long from = Math.max(member.disk.log.firstIndex(), leader.disk.log.firstIndex());
      require(
          member
              .disk
              .log
              .entries(from, last + 1, Long.MAX_VALUE)
              .equals(leader.disk.log.entries(from, last + 1, Long.MAX_VALUE)),
          id + " has another log");
      boolean leads = member.node().isLeader();
      require(leads == (id == leader.id), id + " leads too");
    }
  }
}
