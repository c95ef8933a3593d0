package io.flotilla.shard.transport;

import io.flotilla.internal.v1.LaneEnd;
import io.flotilla.internal.v1.PeerFrame;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to one node: one with its lanes, one for each snapshot on its way. Any thread;
 * the lock is held while a frame is serialized, which keeps frames in order without another thread
 * between loop and network.
 *
 * <p>A connection is opened when there is something to send and the pause after the last failure is
 * over. A heartbeat comes soon enough, so there is no timer. Each connection is new to gRPC, whose
 * own pauses would grow to minutes.
 */
final class PeerLink {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
  private static final long FIRST_PAUSE_NANOS = 20_000_000;
  private static final int MAX_PAUSE_DOUBLINGS = 4;

  /** A connection that holds so long is a good one: a peer may take it and refuse the stream. */
  private static final long SETTLED_NANOS = 1_000_000_000;

  private final long nodeId;
  private final String address;
  private final GrpcPeerTransport.Parts parts;
  private final Map<Lane, LaneStream> lanes = new EnumMap<>(Lane.class);
  private final Set<ManagedChannel> snapshots = new HashSet<>();
  private @Nullable ManagedChannel channel;
  private int failures;
  private long notBefore;
  private boolean ready;
  private long readySince;
  private boolean closed;

  PeerLink(long nodeId, String address, GrpcPeerTransport.Parts parts) {
    this.nodeId = nodeId;
    this.address = address;
    this.parts = parts;
    this.notBefore = parts.nanos().getAsLong();
  }

  String address() {
    return address;
  }

  /** Sends a frame, or keeps it for when the lane is ready, or drops it. */
  synchronized void offer(Lane lane, PeerFrame frame, int bytes) {
    if (connection().isEmpty()) {
      dropped(frame, bytes);
      return;
    }
    noteSettled();
    LaneStream stream = lanes.get(lane);
    if (stream == null) {
      stream = new LaneStream(lane);
      lanes.put(lane, stream);
      stream.open();
    }
    stream.offer(frame, bytes);
  }

  private void dropped(PeerFrame frame, int bytes) {
    parts.meter().frame(true, frame.getMessagesCount(), bytes);
  }

  /**
   * A stream for a snapshot, on a connection of its own: bulk bytes on the connection of the lanes
   * would hold up votes and heartbeats however few they are. Empty: this node is not known any
   * more.
   */
  synchronized Optional<SnapshotPipe<SnapshotUp>> openSnapshot(SnapshotPipe<SnapshotDown> answers) {
    if (closed) {
      return Optional.empty();
    }
    ManagedChannel own = parts.channels().open(address);
    snapshots.add(own);
    return Optional.of(
        new SnapshotSend(parts.identity().handshake(nodeId), own, answers, () -> forget(own))
            .open());
  }

  private synchronized void forget(ManagedChannel ofSnapshot) {
    snapshots.remove(ofSnapshot);
  }

  /** The open connection, or a new one; empty while it is too early for that. */
  private Optional<ManagedChannel> connection() {
    if (closed) {
      return Optional.empty();
    }
    if (channel == null) {
      if (parts.nanos().getAsLong() - notBefore < 0) {
        return Optional.empty();
      }
      channel = parts.channels().open(address);
    }
    return Optional.of(channel);
  }

  synchronized void close() {
    closed = true;
    snapshots.forEach(ManagedChannel::shutdownNow);
    snapshots.clear();
    drop();
  }

  private void drop() {
    ready = false;
    lanes.clear();
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }

  private synchronized void connected(LaneStream stream) {
    if (lanes.get(stream.lane) == stream) {
      if (!ready) {
        ready = true;
        readySince = parts.nanos().getAsLong();
      }
      stream.drain();
    }
  }

  private void noteSettled() {
    if (failures > 0 && ready && parts.nanos().getAsLong() - readySince >= SETTLED_NANOS) {
      LOG.info("connected to node {} at {} again", nodeId, address);
      failures = 0;
    }
  }

  private synchronized void broken(LaneStream stream, String reason) {
    if (lanes.get(stream.lane) != stream) {
      return;
    }
    noteSettled();
    if (failures++ == 0 && !closed) {
      LOG.info("lost node {} at {}: {}", nodeId, address, reason);
    }
    long pause = FIRST_PAUSE_NANOS << Math.min(failures - 1, MAX_PAUSE_DOUBLINGS);
    notBefore = parts.nanos().getAsLong() + pause;
    drop();
  }

  /** One lane. All methods but gRPC's callbacks run under the link's lock. */
  private final class LaneStream implements ClientResponseObserver<PeerFrame, LaneEnd> {
    private record Waiting(PeerFrame frame, int bytes) {}

    private final Lane lane;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private int queuedBytes;
    private @Nullable ClientCallStreamObserver<PeerFrame> out;

    LaneStream(Lane lane) {
      this.lane = lane;
    }

    void open() {
      var unused = PeerGrpc.newStub(channel).lane(this);
      offer(PeerFrame.newBuilder().setHandshake(parts.identity().handshake(nodeId)).build(), 0);
    }

    void offer(PeerFrame frame, int bytes) {
      if (queuedBytes > 0 && queuedBytes + bytes > lane.maxQueuedBytes()) {
        dropped(frame, bytes); // Raft says it again
        return;
      }
      parts.meter().frame(false, frame.getMessagesCount(), bytes);
      queue.addLast(new Waiting(frame, bytes));
      queuedBytes += bytes;
      drain();
    }

    void drain() {
      while (out != null && out.isReady() && !queue.isEmpty()) {
        Waiting next = queue.removeFirst();
        queuedBytes -= next.bytes();
        out.onNext(next.frame());
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PeerFrame> requests) {
      out = requests;
      requests.setOnReadyHandler(() -> connected(this));
    }

    @Override
    public void onNext(LaneEnd end) {}

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      broken(this, Reasons.of(failure));
      if (status.getCode() == PeerService.WENT_BACK.getCode()) {
        parts.identity().lives().refused(String.valueOf(status.getDescription()));
      }
    }

    @Override
    public void onCompleted() {
      broken(this, "it ended the stream");
    }
  }
}
