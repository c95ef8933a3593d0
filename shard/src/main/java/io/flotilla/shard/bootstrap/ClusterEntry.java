package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.internal.v1.BootstrapPlan;
import io.flotilla.internal.v1.IdentRow;
import io.flotilla.internal.v1.ProbeReply;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a node into a cluster, one attempt after the other. One attempt at a time; {@link
 * #probeReply} from any thread.
 */
public final class ClusterEntry {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEntry.class);
  private static final int ID_BYTES = 16;

  private final Parts parts;
  private volatile IdentRow ident;
  private String lastReason = "";

  /**
   * What an entry takes from outside.
   *
   * @param identity where the node's identity is kept
   * @param addresses of this node
   * @param labels of this node, for its placement
   * @param join addresses for nodes, as it was given them
   * @param replication copies of a shard in a new cluster
   * @param prober asks an address who is there; completes soon, never exceptionally
   * @param registrar makes the node a member of a running cluster
   * @param random for new ids
   */
  public record Parts(
      IdentityStore identity,
      Addresses addresses,
      Map<String, String> labels,
      List<String> join,
      int replication,
      Function<String, CompletableFuture<Probe>> prober,
      Registrar registrar,
      RandomGenerator random) {}

  /** Makes a node a member of a running cluster. */
  @FunctionalInterface
  public interface Registrar {
    /**
     * Asks the catalog for an id.
     *
     * @param contacts members to ask through
     * @param node this node, without an id
     */
    CompletableFuture<Registered> register(List<String> contacts, NodeInfo node);
  }

  /**
   * The catalog's answer.
   *
   * @param clusterId the cluster
   * @param nodeId this node's id there; 0: refused or not reached
   * @param nodes the nodes there are
   * @param problem why there is no id
   * @param mayTryAgain whether the same request can succeed later
   */
  public record Registered(
      ByteString clusterId,
      long nodeId,
      List<NodeInfo> nodes,
      String problem,
      boolean mayTryAgain) {}

  /** Reads the identity, or makes a new one. */
  public ClusterEntry(Parts parts) {
    this.parts = parts;
    this.ident =
        parts
            .identity()
            .read()
            .orElseGet(
                () -> {
                  IdentRow fresh = IdentRow.newBuilder().setStoreId(newId()).build();
                  parts.identity().write(fresh);
                  return fresh;
                });
  }

  private ByteString newId() {
    byte[] id = new byte[ID_BYTES];
    parts.random().nextBytes(id);
    return ByteString.copyFrom(id);
  }

  /** Who this node is, as it is written. */
  public IdentRow ident() {
    return ident;
  }

  /** Whether the node has a cluster. */
  public boolean isMember() {
    return !ident.getClusterId().isEmpty();
  }

  /** What this node tells whoever asks who it is. */
  public ProbeReply probeReply() {
    IdentRow now = ident;
    ProbeReply.Builder reply =
        ProbeReply.newBuilder()
            .setStoreId(now.getStoreId())
            .setClusterId(now.getClusterId())
            .setNodeId(now.getNodeId())
            .setAddress(parts.addresses().client())
            .setPeerAddress(parts.addresses().peer())
            .putAllLabels(parts.labels());
    if (now.hasPlan()) {
      reply.setPlan(now.getPlan());
    }
    return reply.build();
  }

  /**
   * Asks around once and does what is to be done.
   *
   * @return whether the node has a cluster now; fails with {@link EntryRefusedException} if trying
   *     again will not help
   */
  public CompletableFuture<Boolean> attempt() {
    if (isMember()) {
      return checkCluster();
    }
    return probeAll()
        .thenCompose(
            probes ->
                act(
                    Formation.decide(
                        new Member(parts.addresses(), ident.getStoreId(), parts.labels()),
                        probes)));
  }

  /** Members of another cluster at the addresses to join mean a mistake somewhere. */
  private CompletableFuture<Boolean> checkCluster() {
    return probeAll()
        .thenApply(
            probes -> {
              for (Probe probe : probes) {
                ByteString other =
                    probe.reply().map(ProbeReply::getClusterId).orElse(ByteString.EMPTY);
                if (!other.isEmpty() && !other.equals(ident.getClusterId())) {
                  throw new EntryRefusedException(
                      "the data directory is of another cluster ("
                          + hex(ident.getClusterId())
                          + ") than "
                          + probe.address()
                          + " ("
                          + hex(other)
                          + "): check --data and --join");
                }
              }
              return true;
            });
  }

  private CompletableFuture<List<Probe>> probeAll() {
    String own = parts.addresses().forNodes();
    List<CompletableFuture<Probe>> asked =
        parts.join().stream().filter(address -> !address.equals(own)).map(parts.prober()).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletableFuture<Boolean> act(Decision decision) {
    if (decision instanceof Decision.Found found) {
      LOG.info("founds a cluster of {} nodes", found.members().size());
      takePart(Formation.plan(newId(), found.members(), parts.replication()));
    } else if (decision instanceof Decision.Adopt adopt) {
      LOG.info("takes part in the new cluster {}", hex(adopt.plan().getClusterId()));
      takePart(adopt.plan());
    } else if (decision instanceof Decision.Join join) {
      return join(join.contacts());
    } else if (decision instanceof Decision.Wait wait) {
      tell(wait.reason());
    } else if (decision instanceof Decision.Refuse refuse) {
      return CompletableFuture.failedFuture(new EntryRefusedException(refuse.reason()));
    }
    return CompletableFuture.completedFuture(isMember());
  }

  private void tell(String reason) {
    if (!reason.equals(lastReason)) {
      LOG.info("not part of a cluster yet: {}", reason);
      lastReason = reason;
    }
  }

  private void takePart(BootstrapPlan plan) {
    Optional<NodeInfo> own =
        plan.getNodesList().stream()
            .filter(node -> node.getStoreId().equals(ident.getStoreId()))
            .findFirst();
    change(
        ident.toBuilder()
            .setClusterId(plan.getClusterId())
            .setNodeId(own.orElseThrow().getNodeId())
            .setAddress(parts.addresses().client())
            .setPeerAddress(parts.addresses().peer())
            .putAllLabels(parts.labels())
            .setPlan(plan)
            .addAllKnownNodes(plan.getNodesList()));
  }

  private CompletableFuture<Boolean> join(List<String> contacts) {
    return parts
        .registrar()
        .register(contacts, self())
        .thenApply(
            registered -> {
              if (registered.nodeId() == 0) {
                if (!registered.mayTryAgain()) {
                  throw new EntryRefusedException(registered.problem());
                }
                tell(registered.problem());
                return false;
              }
              LOG.info("joined cluster {}", hex(registered.clusterId()));
              change(
                  ident.toBuilder()
                      .setClusterId(registered.clusterId())
                      .setNodeId(registered.nodeId())
                      .setAddress(parts.addresses().client())
                      .setPeerAddress(parts.addresses().peer())
                      .putAllLabels(parts.labels())
                      .addAllKnownNodes(registered.nodes()));
              return true;
            });
  }

  /** The replicas of the plan are written. */
  public void bootstrapped() {
    change(ident.toBuilder().setBootstrapped(true));
  }

  /** This node as it is now, without an id. */
  public NodeInfo self() {
    return NodeInfo.newBuilder()
        .setAddress(parts.addresses().client())
        .setPeerAddress(parts.addresses().peer())
        .setStoreId(ident.getStoreId())
        .putAllLabels(parts.labels())
        .build();
  }

  /** Whether the catalog knows the node's addresses and labels as they are now. */
  public boolean isKnownAsItIs() {
    return ident.getAddress().equals(parts.addresses().client())
        && ident.getPeerAddress().equals(parts.addresses().peer())
        && ident.getLabelsMap().equals(parts.labels());
  }

  /** The catalog knows this node with its present addresses and labels. */
  public void moved() {
    change(
        ident.toBuilder()
            .setAddress(parts.addresses().client())
            .setPeerAddress(parts.addresses().peer())
            .clearLabels()
            .putAllLabels(parts.labels()));
  }

  private void change(IdentRow.Builder to) {
    IdentRow next = to.build();
    parts.identity().write(next);
    ident = next;
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
