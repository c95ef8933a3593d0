package io.flotilla.cli;

import io.flotilla.cli.format.TextTable;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ReplicaStatus.FollowerStatus;
import io.flotilla.client.ReplicaStatus.LogIndexes;
import io.flotilla.client.ShardInfo;
import io.flotilla.client.ShardLoad;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Shards and replicas as aligned text. Pure functions. */
public final class ShardTables {
  private static final int KEY_COLUMNS = 15;

  private ShardTables() {}

  /** One line a shard: range, leader, term, positions of the leader, size, load, nodes. */
  public static List<String> list(List<ShardInfo> shards) {
    TextTable table =
        new TextTable()
            .right("SHARD")
            .left("FROM")
            .left("TO")
            .right("LEADER")
            .right("TERM")
            .right("COMMIT")
            .right("APPLIED")
            .right("SIZE")
            .right("R/S")
            .right("W/S")
            .left("NODES");
    for (ShardInfo shard : shards) {
      Optional<ReplicaStatus> leader = leader(shard);
      table.row(
          shard.shardId(),
          isSystem(shard) ? "(system)" : Arguments.start(shard.range(), KEY_COLUMNS),
          isSystem(shard) ? "" : Arguments.end(shard.range(), KEY_COLUMNS),
          shard.leaderNodeId() == 0 ? "none" : shard.leaderNodeId(),
          shard.leaderTerm(),
          leader.map(status -> String.valueOf(status.log().commit())).orElse("?"),
          leader.map(status -> String.valueOf(status.log().applied())).orElse("?"),
          size(shard),
          rate(shard, ShardLoad::readsPerSecond),
          rate(shard, ShardLoad::writesPerSecond),
          nodes(shard));
    }
    return table.lines();
  }

  private static String size(ShardInfo shard) {
    OptionalLong bytes = shard.load().map(ShardLoad::bytes).orElse(OptionalLong.empty());
    return bytes.isPresent() ? NodeTables.bytes(bytes.getAsLong()) : unknown(shard);
  }

  private static String rate(ShardInfo shard, ToDoubleFunction<ShardLoad> of) {
    return shard
        .load()
        .map(load -> String.format(Locale.ROOT, "%.0f", of.applyAsDouble(load)))
        .orElseGet(() -> unknown(shard));
  }

  /** Nobody measures the system shard. */
  private static String unknown(ShardInfo shard) {
    return isSystem(shard) ? "-" : "?";
  }

  /** One line a replica: role, term and every position in its log. */
  public static List<String> replicas(ShardInfo shard) {
    TextTable table =
        new TextTable()
            .right("NODE")
            .right("REPLICA")
            .left("ROLE")
            .right("TERM")
            .right("FIRST")
            .right("LAST")
            .right("PERSISTED")
            .right("COMMIT")
            .right("APPLIED")
            .right("FLUSHED");
    for (ReplicaInfo replica : shard.replicas()) {
      if (replica.status().isEmpty()) {
        table.row(replica.nodeId(), replica.replicaId(), "unreachable", "", "", "", "", "", "", "");
        continue;
      }
      ReplicaStatus status = replica.status().get();
      LogIndexes log = status.log();
      table.row(
          replica.nodeId(),
          replica.replicaId(),
          role(replica, status),
          status.term(),
          log.first(),
          log.last(),
          log.persisted(),
          log.commit(),
          log.applied(),
          log.flushed());
    }
    return table.lines();
  }

  /** What the leader knows of each follower; no line if no leader could be asked. */
  public static List<String> followers(ShardInfo shard) {
    Optional<ReplicaStatus> leader = leader(shard);
    if (leader.isEmpty()) {
      return List.of();
    }
    TextTable table =
        new TextTable()
            .right("NODE")
            .right("REPLICA")
            .left("STATE")
            .right("MATCH")
            .right("NEXT")
            .right("BEHIND")
            .left("ACTIVE");
    leader.get().followers().stream()
        .sorted(Comparator.comparingLong(FollowerStatus::nodeId))
        .forEach(
            follower ->
                table.row(
                    follower.nodeId(),
                    follower.replicaId(),
                    follower.state(),
                    follower.matchIndex(),
                    follower.nextIndex(),
                    Math.max(0, leader.get().log().last() - follower.matchIndex()),
                    follower.recentlyActive() ? "yes" : "no"));
    return table.lines();
  }

  /** All about one shard: a title, the replicas, the leader's view of its followers. */
  public static List<String> show(ShardInfo shard) {
    List<String> lines = new ArrayList<>();
    lines.add(title(shard));
    if (!isSystem(shard)) {
      lines.add(
          "Size %s, %s reads/s, %s writes/s"
              .formatted(
                  size(shard),
                  rate(shard, ShardLoad::readsPerSecond),
                  rate(shard, ShardLoad::writesPerSecond)));
    }
    lines.add("");
    lines.addAll(replicas(shard));
    List<String> followers = followers(shard);
    if (!followers.isEmpty()) {
      lines.add("");
      lines.add("Followers, as the leader sees them:");
      lines.addAll(followers);
    }
    return List.copyOf(lines);
  }

  private static String title(ShardInfo shard) {
    String range =
        isSystem(shard)
            ? "system shard"
            : "from "
                + Arguments.start(shard.range(), KEY_COLUMNS)
                + " to "
                + Arguments.end(shard.range(), KEY_COLUMNS);
    String leader =
        shard.leaderNodeId() == 0
            ? "no leader known"
            : "leader: node " + shard.leaderNodeId() + " in term " + shard.leaderTerm();
    return "Shard %d: %s, epoch (%d, %d), %s"
        .formatted(
            shard.shardId(),
            range,
            shard.descriptor().membershipVersion(),
            shard.descriptor().rangeVersion(),
            leader);
  }

  static boolean isSystem(ShardInfo shard) {
    return shard.shardId() == 1;
  }

  /** The status of the replica that leads; of two that say so the one with the higher term. */
  static Optional<ReplicaStatus> leader(ShardInfo shard) {
    return shard.replicas().stream()
        .flatMap(replica -> replica.status().stream())
        .filter(status -> status.role() == ReplicaStatus.Role.LEADER)
        .max(Comparator.comparingLong(ReplicaStatus::term));
  }

  private static String role(ReplicaInfo replica, ReplicaStatus status) {
    String part = replica.part().name().toLowerCase(Locale.ROOT);
    if (!replica.voter()) {
      return part;
    }
    String role = status.role().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return replica.part() == ReplicaInfo.Part.VOTER ? role : role + "/" + part;
  }

  /** The nodes of a shard; in brackets what could not be asked. */
  private static String nodes(ShardInfo shard) {
    return shard.replicas().stream()
        .map(
            replica ->
                replica.status().isPresent()
                    ? String.valueOf(replica.nodeId())
                    : "(" + replica.nodeId() + ")")
        .collect(Collectors.joining(" "));
  }
}
