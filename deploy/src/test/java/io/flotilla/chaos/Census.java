package io.flotilla.chaos;

import io.flotilla.cli.CommandFailure;
import io.flotilla.client.NodeInfo;
import io.flotilla.client.ReplicaInfo;
import io.flotilla.client.ReplicaStatus;
import io.flotilla.client.ShardInfo;
import io.flotilla.server.local.Poll;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where replicas are, against where they should be.
 *
 * @param shards how many, the catalog's among them
 * @param lacking shards without their full number of voters, or half-way through a change
 * @param leftovers replicas on nodes that do not hold the shard
 * @param operations that have not ended
 */
record Census(int shards, List<String> lacking, List<String> leftovers, List<String> operations) {

  private boolean clean() {
    return lacking.isEmpty() && leftovers.isEmpty() && operations.isEmpty();
  }

  /** Looks until nothing is wrong, or for the limit; what goes on by itself needs time. */
  static Census await(Site site) throws InterruptedException {
    Census[] last = {take(site)};
    try {
      return site.poll()
          .until(
              "all replicas where they belong",
              Site.LIMIT,
              () -> {
                last[0] = take(site);
                return last[0].clean() ? Poll.Seen.of(last[0]) : Poll.Seen.notYet("they are not");
              });
    } catch (CommandFailure e) {
      return last[0];
    }
  }

  private static Census take(Site site) {
    List<ShardInfo> shards = site.client().admin().listShards(true).shards();
    List<String> lacking = new ArrayList<>();
    Map<Long, Set<Long>> holders = new HashMap<>();
    for (ShardInfo shard : shards) {
      long voters =
          shard.replicas().stream().filter(r -> r.part() == ReplicaInfo.Part.VOTER).count();
      if (voters != ElasticPlan.REPLICAS || shard.replicas().size() != voters) {
        lacking.add("shard %d has %s".formatted(shard.shardId(), parts(shard)));
      }
      holders.put(shard.shardId(), new HashSet<>(nodes(shard)));
    }
    return new Census(shards.size(), lacking, leftovers(site, holders), operations(site));
  }

  private static List<Long> nodes(ShardInfo shard) {
    return shard.replicas().stream().map(ReplicaInfo::nodeId).toList();
  }

  private static List<String> parts(ShardInfo shard) {
    return shard.replicas().stream().map(r -> r.part() + " on node " + r.nodeId()).toList();
  }

  private static List<String> leftovers(Site site, Map<Long, Set<Long>> holders) {
    List<String> leftovers = new ArrayList<>();
    for (NodeInfo node : site.client().admin().listNodes().nodes()) {
      for (ReplicaStatus replica : site.client().admin().status(node.nodeId()).replicas()) {
        if (!holders.getOrDefault(replica.shardId(), Set.of()).contains(node.nodeId())) {
          leftovers.add("node %d has one of shard %d".formatted(node.nodeId(), replica.shardId()));
        }
      }
    }
    return leftovers;
  }

  private static List<String> operations(Site site) {
    return site.client().placement().operations(false).stream()
        .map(operation -> "operation %d".formatted(operation.operationId()))
        .toList();
  }

  List<Verdict> verdicts() {
    return List.of(
        verdict(
            "every shard has its full number of voters",
            lacking,
            shards + " shards with " + ElasticPlan.REPLICAS + " voters each"),
        verdict("no replica is on a node that does not hold its shard", leftovers, ""),
        verdict("every operation has ended", operations, ""));
  }

  private static Verdict verdict(String what, List<String> wrong, String detail) {
    return new Verdict(what, wrong.isEmpty(), wrong.isEmpty() ? detail : String.join("; ", wrong));
  }
}
