package io.flotilla.shard.bootstrap;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.internal.v1.IdentRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Nodes that can be asked who they are, with disks that outlive them and a catalog. */
final class Town {
  /** A disk with an identity on it, which can die before or after a write. */
  static final class Disk implements IdentityStore {
    private @Nullable IdentRow written;
    int writes;
    int dieBeforeWrite;

    @Override
    public Optional<IdentRow> read() {
      return Optional.ofNullable(written);
    }

    @Override
    public void write(IdentRow ident) {
      writes++;
      if (writes == dieBeforeWrite) {
        throw new IllegalStateException("the process died");
      }
      written = ident;
    }
  }

  private final SplittableRandom random = new SplittableRandom(5);
  private final List<String> places;
  private final Map<String, Disk> disks = new TreeMap<>();
  private final Map<String, ClusterEntry> running = new HashMap<>();
  final List<String> asked = new ArrayList<>();
  ClusterEntry.@Nullable Registered registration;
  @Nullable NodeInfo registered;

  Town(String... addresses) {
    this.places = List.of(addresses);
  }

  Disk disk(String address) {
    return disks.computeIfAbsent(address, a -> new Disk());
  }

  /** Starts a node, or starts it again from its disk. */
  ClusterEntry start(String address) {
    return startAs(address, disk(address));
  }

  /** Starts a node on a disk that was elsewhere. */
  ClusterEntry startAs(String address, Disk disk) {
    return startAs(Addresses.shared(address), disk);
  }

  /** The same with a port for nodes. */
  ClusterEntry startAs(Addresses addresses, Disk disk) {
    String address = addresses.client();
    ClusterEntry entry =
        new ClusterEntry(
            new ClusterEntry.Parts(
                disk,
                addresses,
                Map.of("zone", address),
                places,
                3,
                this::probe,
                this::register,
                random.split()));
    running.put(address, entry);
    return entry;
  }

  void stop(String address) {
    running.remove(address);
  }

  private CompletableFuture<Probe> probe(String address) {
    asked.add(address);
    ClusterEntry there = running.get(address);
    return CompletableFuture.completedFuture(
        there == null
            ? Probe.failed(address, "not reachable")
            : Probe.answered(address, there.probeReply()));
  }

  private CompletableFuture<ClusterEntry.Registered> register(
      List<String> contacts, NodeInfo node) {
    registered = node;
    ClusterEntry.Registered answer = registration;
    return CompletableFuture.completedFuture(
        answer == null
            ? new ClusterEntry.Registered(ByteString.EMPTY, 0, List.of(), "no leader yet", true)
            : answer);
  }
}
