package io.flotilla.sim;

import io.flotilla.contract.v1.NodeStatusRequest;
import io.flotilla.contract.v1.RaftRole;
import io.flotilla.contract.v1.ReplicaStatus;
import io.flotilla.contract.v1.Request;
import io.flotilla.storage.SimFiles;
import io.flotilla.storage.SimOrderedStore;
import io.flotilla.storage.StoreException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** What goes wrong with disks, drawn by the seed. */
final class DiskFaults {
  private static final int MOST_STEPS_AHEAD = 6;
  private static final int LONGEST_WRITE_MILLIS = 300;
  private static final long LONGEST_STALL_NANOS = 10 * World.SECONDS;
  private static final long LONGEST_FULL_NANOS = 5 * World.SECONDS;
  private static final int MOST_ROOM_LEFT = 4_096;

  /** A plan has its copies on the first nodes. */
  private static final int PLACES_WITH_REPLICAS = 3;

  /**
   * World time in which even a slow clock counts more ticks than a leader may wait for its disk.
   */
  private static final long STUCK_NANOS = 3 * World.SECONDS;

  private static final long FIRST_LOOK_NANOS = 300 * World.MILLIS;

  private static final long ROLLBACK_PAUSE_NANOS = 500 * World.MILLIS;
  private static final int MOST_ROLLBACK_TRIES = 12;

  private final World world;
  private final List<SimNode> nodes;
  private final Coverage coverage;
  private final SplittableRandom random;
  private boolean copiesMove;
  private boolean healed;

  DiskFaults(World world, List<SimNode> nodes, Coverage coverage) {
    this.world = world;
    this.nodes = nodes;
    this.coverage = coverage;
    this.random = world.fork();
  }

  private SimOrderedStore anyStore(SimNode node) {
    return random.nextInt(3) == 0 ? node.disk().state() : node.disk().journal();
  }

  private SimFiles anyFiles(SimNode node) {
    return random.nextInt(4) == 0 ? node.disk().root() : node.disk().snapshots();
  }

  /** The process dies right before or right after a commit. */
  void crashAtCommit(SimNode node) {
    SimOrderedStore.CrashPoint[] points = SimOrderedStore.CrashPoint.values();
    anyStore(node)
        .crashAtCommit(1 + random.nextInt(MOST_STEPS_AHEAD), points[random.nextInt(points.length)]);
  }

  /** The process dies at one of the commits that put the next snapshot in place. */
  void crashAtInstall(SimNode node) {
    SimOrderedStore.CrashPoint[] points = SimOrderedStore.CrashPoint.values();
    node.disk()
        .crashAtInstall(
            1 + random.nextInt(MOST_STEPS_AHEAD), points[random.nextInt(points.length)]);
  }

  /** The process dies right before or right after a change of a file. */
  void crashAtFile(SimNode node) {
    SimFiles.CrashPoint[] points = SimFiles.CrashPoint.values();
    anyFiles(node)
        .crashAtStep(1 + random.nextInt(MOST_STEPS_AHEAD), points[random.nextInt(points.length)]);
  }

  /** A commit fails, and nobody knows whether it is durable. */
  void failCommit(SimNode node) {
    anyStore(node)
        .failNextCommit(new StoreException("simulated input/output error"), random.nextBoolean());
  }

  void failFile(SimNode node) {
    anyFiles(node).failAtStep(1 + random.nextInt(MOST_STEPS_AHEAD));
  }

  /** Another speed from now on. */
  void changeSpeed(SimNode node) {
    int millis = 1 + random.nextInt(random.nextBoolean() ? 5 : LONGEST_WRITE_MILLIS);
    node.drive().longestNanos(millis * World.MILLIS);
  }

  /** There is room for little or nothing more, for a while. */
  void fill(SimNode node) {
    SimOrderedStore store = anyStore(node);
    long before = store.refusals();
    store.leaveRoom(random.nextBoolean() ? 0 : random.nextInt(MOST_ROOM_LEFT));
    world.after(
        random.nextLong(LONGEST_FULL_NANOS),
        "room again",
        () -> {
          node.disk().journal().leaveAllRoom();
          node.disk().state().leaveAllRoom();
          if (store.refusals() > before) {
            coverage.count("commits waited for room");
          }
        });
  }

  /** Nothing becomes durable for a while; whoever leads there must give it up meanwhile (R20). */
  void stall(SimNode node) {
    long nanos = 10 * World.MILLIS + random.nextLong(LONGEST_STALL_NANOS);
    node.drive().stall(nanos);
    if (nanos < FIRST_LOOK_NANOS + STUCK_NANOS + World.SECONDS / 2) {
      return;
    }
    world.after(
        FIRST_LOOK_NANOS,
        "watch",
        () -> {
          long since = world.now();
          replicas(
              node,
              first ->
                  world.after(
                      STUCK_NANOS,
                      "watch again",
                      () -> replicas(node, later -> compare(node, since, first, later))));
        });
  }

  private static void replicas(SimNode node, Consumer<List<ReplicaStatus>> to) {
    node.serving()
        .ifPresent(
            serving -> {
              var unused =
                  serving
                      .node()
                      .local()
                      .execute(
                          Request.newBuilder()
                              .setNodeStatus(
                                  NodeStatusRequest.newBuilder().setIncludeReplicas(true))
                              .build())
                      .thenAccept(reply -> to.accept(reply.getNodeStatus().getReplicasList()));
            });
  }

  /** Between the two looks the disk stood still all the time. */
  private void compare(
      SimNode node, long since, List<ReplicaStatus> first, List<ReplicaStatus> later) {
    if (!node.ranFreelySince(since) || node.drive().stalledNanos() == 0) {
      return;
    }
    for (ReplicaStatus was : first) {
      boolean stuckLeader =
          was.getRole() == RaftRole.RAFT_ROLE_LEADER
              && was.getLastIndex() > was.getPersistedIndex();
      for (ReplicaStatus is : later) {
        if (stuckLeader && is.getShardId() == was.getShardId()) {
          if (is.getRole() == RaftRole.RAFT_ROLE_LEADER && is.getTerm() == was.getTerm()) {
            world.fault(
                "node "
                    + node.place()
                    + " leads shard "
                    + is.getShardId()
                    + " although its disk has stood still for "
                    + STUCK_NANOS / World.MILLIS
                    + " ms");
          }
          coverage.count("leaders with a stuck disk stepped down");
        }
      }
    }
  }

  /** The disk goes back to what it holds now, some time later, unless that could stay hidden. */
  void rollBack(SimNode node) {
    node.remember().ifPresent(past -> rollBackLater(node, past, MOST_ROLLBACK_TRIES));
  }

  private void rollBackLater(SimNode node, SimNode.Past past, int tries) {
    world.after(
        ROLLBACK_PAUSE_NANOS,
        "roll back",
        () -> {
          boolean possible = maySpare(node) && !node.isLost() && !healed;
          if (possible && node.rollBack(past, nodes)) {
            coverage.count("disks rolled back");
          } else if (possible && tries > 1) {
            rollBackLater(node, past, tries - 1);
          }
        });
  }

  /** The copies of a shard may be on any nodes. */
  void copiesMove() {
    copiesMove = true;
  }

  /** No disk goes back any more. */
  void end() {
    healed = true;
  }

  /**
   * Whether the node's disk may be lost for good: a shard loses one replica at most, so that every
   * acknowledged write is on a disk that is left.
   */
  boolean maySpare(SimNode node) {
    if (copiesMove) {
      return nodes.stream().noneMatch(SimNode::isLost);
    }
    boolean holds = node.place() <= PLACES_WITH_REPLICAS;
    return nodes.stream()
        .noneMatch(other -> other.isLost() && (other.place() <= PLACES_WITH_REPLICAS) == holds);
  }
}
