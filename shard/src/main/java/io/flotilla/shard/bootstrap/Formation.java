package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.internal.v1.BootstrapPlan;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ReplicaDescriptor;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.descriptor.ShardEpoch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides how a node without a cluster comes to one, and what a new cluster begins with. Pure. */
final class Formation {
  /** Replica ids of the plan; the catalog gives out much higher ones. */
  private static final int IDS_PER_SHARD = 10;

  private Formation() {}

  /**
   * What to do, given what all addresses of the list answered.
   *
   * @param self this node
   * @param probes one for each address of the list
   */
  static Decision decide(Member self, List<Probe> probes) {
    Map<String, ByteString> clusters = new TreeMap<>();
    List<String> silent = new ArrayList<>();
    for (Probe probe : probes) {
      probe
          .reply()
          .ifPresentOrElse(
              reply -> {
                if (!reply.getClusterId().isEmpty()) {
                  clusters.put(probe.address(), reply.getClusterId());
                }
              },
              () -> silent.add(probe.address() + " (" + probe.problem() + ")"));
    }
    if (clusters.values().stream().distinct().count() > 1) {
      return new Decision.Refuse(
          "the addresses to join belong to different clusters: " + clusters.keySet());
    }
    for (Probe probe : probes) {
      BootstrapPlan plan = probe.reply().map(ProbeReply::getPlan).orElse(null);
      if (plan != null && names(plan, self)) {
        return new Decision.Adopt(plan);
      }
    }
    if (!clusters.isEmpty()) {
      return new Decision.Join(List.copyOf(clusters.keySet()));
    }
    return silent.isEmpty()
        ? found(self, probes)
        : new Decision.Wait("waits for " + String.join(", ", silent));
  }

  private static boolean names(BootstrapPlan plan, Member self) {
    return plan.getNodesList().stream().anyMatch(node -> node.getStoreId().equals(self.storeId()));
  }

  private static Decision found(Member self, List<Probe> probes) {
    Map<ByteString, Member> members = new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    members.put(self.storeId(), self);
    for (Probe probe : probes) {
      // The list may name this very node, perhaps by another name.
      probe
          .reply()
          .map(Formation::member)
          .ifPresent(member -> members.putIfAbsent(member.storeId(), member));
    }
    List<Member> byAddress = new ArrayList<>(members.values());
    byAddress.sort(Comparator.comparing(Member::address));
    for (int i = 1; i < byAddress.size(); i++) {
      if (byAddress.get(i).address().equals(byAddress.get(i - 1).address())) {
        return new Decision.Refuse(
            "two nodes say they are at "
                + byAddress.get(i).address()
                + ": give each its own 'advertise' address");
      }
    }
    Member first = byAddress.get(0);
    return first.equals(self)
        ? new Decision.Found(byAddress)
        : new Decision.Wait("waits for " + first.address() + " to found the cluster");
  }

  private static Member member(ProbeReply reply) {
    return new Member(
        new Addresses(reply.getAddress(), reply.getPeerAddress()),
        reply.getStoreId(),
        reply.getLabelsMap());
  }

  /**
   * The plan of a new cluster: the system shard, and one user shard that holds all keys.
   *
   * @param replication copies of a shard, as far as there are nodes
   */
  static BootstrapPlan plan(ByteString clusterId, List<Member> members, int replication) {
    BootstrapPlan.Builder plan =
        BootstrapPlan.newBuilder().setClusterId(clusterId).setReplicas(replication);
    for (int i = 0; i < members.size(); i++) {
      plan.addNodes(
          NodeInfo.newBuilder()
              .setNodeId(i + 1L)
              .setAddress(members.get(i).address())
              .setPeerAddress(members.get(i).addresses().peer())
              .setStoreId(members.get(i).storeId())
              .putAllLabels(members.get(i).labels()));
    }
    int copies = Math.min(replication, members.size());
    for (long shardId :
        List.of(ShardDescriptor.SYSTEM_SHARD_ID, ShardDescriptor.FIRST_USER_SHARD_ID)) {
      List<ReplicaDescriptor> replicas = new ArrayList<>();
      for (long nodeId = 1; nodeId <= copies; nodeId++) {
        replicas.add(ReplicaDescriptor.voter(shardId * IDS_PER_SHARD + nodeId, nodeId));
      }
      plan.addShards(
          Descriptors.toProto(
              new ShardDescriptor(shardId, KeyRange.ALL, ShardEpoch.FIRST, replicas)));
    }
    return plan.build();
  }
}
