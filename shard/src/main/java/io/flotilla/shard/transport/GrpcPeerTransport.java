package io.flotilla.shard.transport;

import io.flotilla.internal.v1.PeerFrame;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The real network. */
public final class GrpcPeerTransport implements PeerTransport {
  /** A frame is sent when it has as much as this, also before the end of a turn. */
  private static final int FRAME_BYTES = 1 << 20;

  private final Parts parts;
  private final ConcurrentMap<Long, PeerLink> links = new ConcurrentHashMap<>();

  /**
   * What a transport is made of.
   *
   * @param identity this node
   * @param channels opens connections
   * @param nanos a monotonic clock, for the pauses between connections
   * @param meter hears what is said
   */
  public record Parts(
      PeerIdentity identity, PeerChannels channels, LongSupplier nanos, PeerMeter meter) {}

  /** Opens nothing yet. */
  public GrpcPeerTransport(Parts parts) {
    this.parts = parts;
  }

  @Override
  public PeerOutbox newOutbox() {
    return new Outbox();
  }

  @Override
  public Optional<SnapshotPipe<SnapshotUp>> openSnapshot(
      long nodeId, SnapshotPipe<SnapshotDown> answers) {
    PeerLink link = links.get(nodeId);
    return link == null ? Optional.empty() : link.openSnapshot(answers);
  }

  @Override
  public synchronized void updateNodes(Map<Long, String> addresses) {
    links.forEach(
        (nodeId, link) -> {
          if (!link.address().equals(addresses.get(nodeId))) {
            links.remove(nodeId);
            link.close();
          }
        });
    addresses.forEach(
        (nodeId, address) -> links.computeIfAbsent(nodeId, id -> new PeerLink(id, address, parts)));
  }

  @Override
  public synchronized void close() {
    links.values().forEach(PeerLink::close);
    links.clear();
  }

  /** Gathers the messages of one turn. */
  private final class Outbox implements PeerOutbox {
    private static final class Gathered {
      private final PeerFrame.Builder frame = PeerFrame.newBuilder();
      private int bytes;
    }

    private final Map<Lane, Map<Long, Gathered>> gathered = new EnumMap<>(Lane.class);

    Outbox() {
      for (Lane lane : Lane.values()) {
        gathered.put(lane, new TreeMap<>());
      }
    }

    @Override
    public void send(long nodeId, long shardId, Message message) {
      Lane lane = Lane.of(message);
      Gathered frame = ofLane(lane).computeIfAbsent(nodeId, id -> new Gathered());
      frame.frame.addMessages(PeerMessages.encode(shardId, message));
      frame.bytes += PeerMessages.sizeBytes(message);
      if (frame.bytes >= FRAME_BYTES) {
        leave(lane, nodeId, ofLane(lane).remove(nodeId));
      }
    }

    @Override
    public void flush() {
      gathered.forEach(
          (lane, frames) -> {
            frames.forEach((nodeId, frame) -> leave(lane, nodeId, frame));
            frames.clear();
          });
    }

    private Map<Long, Gathered> ofLane(Lane lane) {
      return gathered.computeIfAbsent(lane, l -> new TreeMap<>());
    }

    private void leave(Lane lane, long nodeId, @Nullable Gathered frame) {
      PeerLink link = links.get(nodeId);
      if (link != null && frame != null) {
        frame.frame.setJournalBlock(parts.identity().lives().newestBlock());
        link.offer(lane, frame.frame.build(), frame.bytes);
      }
    }
  }
}
