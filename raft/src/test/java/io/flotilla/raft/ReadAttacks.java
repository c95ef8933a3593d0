package io.flotilla.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a leader's reads must survive, arranged as chance alone seldom would: answers that arrive
 * when somebody else leads, and a voter that forgets by a restart whom it promised to wait for.
 */
final class ReadAttacks {
  /** One true tick, in the tenths that time passes in. */
  private static final int TICK = 10;

  private static final int ROUNDS_TO_SETTLE = 4;

  private final RaftGroup group;
  private final RaftOracle oracle;
  private final TestConfig config;
  private final SplittableRandom random;
  private final IntConsumer passTime;
  private int times;

  /**
   * Attacks on one group.
   *
   * @param passTime lets so many tenths of a tick pass for everybody
   */
  ReadAttacks(
      RaftGroup group,
      RaftOracle oracle,
      TestConfig config,
      SplittableRandom random,
      IntConsumer passTime) {
    this.group = group;
    this.oracle = oracle;
    this.config = config;
    this.random = random;
    this.passTime = passTime;
  }

  /** Attacks that were carried through to their end. */
  int times() {
    return times;
  }

  void attack() {
    group.network.heal();
    exchange(ROUNDS_TO_SETTLE);
    SimReplica leader = group.leader();
    if (leader == null || leader.membership().isJoint()) {
      return;
    }
    List<SimReplica> others = new ArrayList<>();
    for (long id : leader.membership().voters()) {
      if (id != leader.id && group.get(id).isUp()) {
        others.add(group.get(id));
      }
    }
    if (others.size() < 2) {
      return;
    }
    if (config.leaderLease) {
      restartVoters(leader, others);
    } else {
      answerLate(leader, others);
    }
    group.network.heal();
  }

  /**
   * Answers to a round are under way while the others elect somebody else; then the old leader,
   * whose clock stands still, is asked, and gets the answers. They say nothing of that read (R25).
   */
  private void answerLate(SimReplica leader, List<SimReplica> others) {
    read(leader);
    leader.work();
    passOn();
    others.forEach(SimReplica::work);
    List<Message> late = new ArrayList<>();
    for (Message m = toward(leader); m != null; m = toward(leader)) {
      late.add(m);
    }
    group.isolate(leader.id);
    for (int n = 4 * config.electionTicks; n > 0 && group.leader() == leader; n--) {
      others.forEach(other -> other.node().tick());
      exchangeAmong(others);
    }
    SimReplica next = group.leader();
    if (next == null || next == leader) {
      return;
    }
    next.node().propose(Payload.utf8("later"));
    exchangeAmong(others);
    group.network.heal();
    if (leader.node().isLeader()) {
      times++;
      read(leader);
      late.forEach(group::deliver);
      leader.work();
      oracle.check();
    }
  }

  /**
   * One voter hears nothing of the leader and wants to lead; those on whose word the lease rests
   * start anew and hear the first before they hear the leader (R23).
   */
  private void restartVoters(SimReplica leader, List<SimReplica> others) {
    SimReplica rival = others.remove(random.nextInt(others.size()));
    group.network.cut(leader.id, rival.id);
    for (int n = config.electionTicks + random.nextInt(config.electionTicks); n > 0; n--) {
      passTime.accept(TICK);
      exchange(1);
    }
    if (!leader.node().status().lease()) {
      return;
    }
    times++;
    group.isolate(leader.id);
    for (SimReplica voter : others) {
      voter.crash();
      group.restart(voter.id);
    }
    for (int n = 2 * config.electionTicks; n > 0; n--) {
      exchange(ROUNDS_TO_SETTLE);
      passTime.accept(TICK);
    }
  }

  private void read(SimReplica leader) {
    long context = group.newContext();
    oracle.readBegins(context);
    leader.node().readIndex(context);
  }

  private @Nullable Message toward(SimReplica replica) {
    return group.network.takeFirst(message -> message.to() == replica.id);
  }

  private void exchange(int rounds) {
    for (int i = 0; i < rounds; i++) {
      group.up().forEach(SimReplica::work);
      passOn();
    }
  }

  private void exchangeAmong(List<SimReplica> some) {
    for (int i = 0; i < ROUNDS_TO_SETTLE; i++) {
      some.forEach(SimReplica::work);
      passOn();
    }
  }

  private void passOn() {
    for (int n = group.network.size(); n > 0; n--) {
      group.deliver(group.network.take(0));
      oracle.check();
    }
  }
}
