package io.flotilla.sim;

import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.TransferLeaderRequest;
import io.flotilla.shard.descriptor.ShardDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What a lease must survive, drawn by the seed: each attack leaves a leader that is not reached by
 * the word of its end, as chance alone seldom would.
 */
final class LeaseFaults {
  private static final long MOST_PAUSE_NANOS = 3 * World.SECONDS;
  private static final long CUT_NANOS = 2 * World.SECONDS;
  private static final long MOST_DELAY_NANOS = 20 * World.MILLIS;
  private static final long RESTART_NANOS = World.MILLIS;

  private final World world;
  private final SimNetwork network;
  private final List<SimNode> nodes;
  private final Coverage coverage;
  private final SplittableRandom random;
  private final long electionNanos;
  private boolean on = true;

  /**
   * For one run, in which leaders hold leases.
   *
   * @param electionNanos for so long a follower waits for its leader at least
   */
  LeaseFaults(
      World world, SimNetwork network, List<SimNode> nodes, Coverage coverage, long electionNanos) {
    this.world = world;
    this.network = network;
    this.nodes = nodes;
    this.coverage = coverage;
    this.random = world.fork();
    this.electionNanos = electionNanos;
  }

  void begin() {
    world.after(random.nextLong(MOST_PAUSE_NANOS) + 1, "lease fault", this::next);
  }

  void end() {
    on = false;
  }

  private void next() {
    if (!on) {
      return;
    }
    if (random.nextBoolean()) {
      SimNode node = nodes.get(random.nextInt(nodes.size()));
      ask(node, led -> deafenAtTransfer(node, led.get(random.nextInt(led.size()))));
    } else {
      for (SimNode node : nodes) {
        ask(
            node,
            led ->
                led.stream()
                    .filter(shard -> shard.getShardId() == ShardDescriptor.SYSTEM_SHARD_ID)
                    .forEach(system -> restartVoter(node, system)));
      }
    }
    begin();
  }

  /** The shards that the node leads, if there are any. */
  private void ask(SimNode node, Consumer<List<ReplicaStatus>> then) {
    node.serving()
        .ifPresent(
            serving -> {
              Request question =
                  Request.newBuilder()
                      .setNodeStatus(NodeStatusRequest.newBuilder().setIncludeReplicas(true))
                      .build();
              var unused =
                  serving
                      .node()
                      .local()
                      .execute(question)
                      .thenAccept(
                          reply -> {
                            List<ReplicaStatus> led = new ArrayList<>();
                            for (ReplicaStatus r : reply.getNodeStatus().getReplicasList()) {
                              if (r.getRole() == RaftRole.RAFT_ROLE_LEADER
                                  && r.getFollowersCount() > 1) {
                                led.add(r);
                              }
                            }
                            if (!led.isEmpty()) {
                              then.accept(led);
                            }
                          });
            });
  }

  /** It hands leadership over, and hears nothing of what the others do then (R21). */
  private void deafenAtTransfer(SimNode leader, ReplicaStatus led) {
    long to = led.getFollowers(random.nextInt(led.getFollowersCount())).getNodeId();
    Request order =
        Request.newBuilder()
            .setTransferLeader(
                TransferLeaderRequest.newBuilder().setShardId(led.getShardId()).setToNodeId(to))
            .build();
    leader
        .serving()
        .ifPresent(
            serving -> {
              var unused = serving.node().local().execute(order);
              world.after(
                  random.nextLong(MOST_DELAY_NANOS),
                  "deafen",
                  () -> {
                    coverage.count("leaders deaf at a transfer");
                    others(leader).forEach(other -> cut(other.place(), leader.place()));
                  });
            });
  }

  /**
   * One follower is cut off and wants to lead; the other one, on whose word the lease rests, starts
   * anew and hears the first before it hears the leader (R23). Of the system shard, where little is
   * written: whoever was cut off must not lack anything.
   */
  private void restartVoter(SimNode leader, ReplicaStatus led) {
    List<SimNode> followers = new ArrayList<>();
    for (SimNode node : others(leader)) {
      if (led.getFollowersList().stream().anyMatch(f -> f.getNodeId() == node.lastId())) {
        followers.add(node);
      }
    }
    if (followers.size() < 2) {
      return;
    }
    SimNode restarts = followers.remove(random.nextInt(followers.size()));
    for (SimNode other : followers) {
      cut(leader.place(), other.place());
      cut(other.place(), leader.place());
    }
    world.after(
        electionNanos + random.nextLong(electionNanos),
        "restart of a voter",
        () -> {
          if (restarts.isUp() && !restarts.isLost()) {
            coverage.count("voters restarted under a lease");
            cut(leader.place(), restarts.place());
            restarts.crash();
            world.after(RESTART_NANOS, "boot", restarts::boot);
          }
        });
  }

  private List<SimNode> others(SimNode node) {
    return new ArrayList<>(nodes.stream().filter(other -> other != node).toList());
  }

  private void cut(int from, int to) {
    network.cut(from, to);
    world.after(CUT_NANOS, "mend", () -> network.mend(from, to));
  }
}
