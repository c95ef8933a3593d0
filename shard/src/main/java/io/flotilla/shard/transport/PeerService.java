package io.flotilla.shard.transport;

import io.flotilla.internal.v1.LaneEnd;
import io.flotilla.internal.v1.PeerFrame;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.PeerMessage;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.internal.v1.ProbeRequest;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The side of a node that other nodes call. It is there before the node has a cluster; until then
 * it answers probes only.
 */
public final class PeerService extends PeerGrpc.PeerImplBase {
  /**
   * A node that takes part in its cluster.
   *
   * @param identity who it is
   * @param receiver takes what comes in
   */
  public record Member(PeerIdentity identity, PeerReceiver receiver) {}

  /** How a node is told that its store has forgotten something. */
  static final Status WENT_BACK = Status.DATA_LOSS;

  private final Supplier<ProbeReply> probe;
  private volatile @Nullable Member member;

  /**
   * A service that answers probes.
   *
   * @param probe what this node says of itself now
   */
  public PeerService(Supplier<ProbeReply> probe) {
    this.probe = probe;
  }

  /** From now on lanes and snapshots are taken. */
  public void serve(Member now) {
    member = now;
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeReply> to) {
    to.onNext(probe.get());
    to.onCompleted();
  }

  @Override
  public StreamObserver<PeerFrame> lane(StreamObserver<LaneEnd> to) {
    return new LaneIn(to);
  }

  @Override
  public StreamObserver<SnapshotUp> snapshot(StreamObserver<SnapshotDown> to) {
    return new SnapshotIn(this::welcome, to);
  }

  /** Who takes what comes after the handshake; throws a status if nobody does. */
  private Member welcome(io.flotilla.internal.v1.Handshake handshake) {
    Member here = member;
    if (here == null) {
      throw Status.UNAVAILABLE
          .withDescription("this node is not part of a cluster yet")
          .asRuntimeException();
    }
    Optional<String> fault = here.identity().fault(handshake);
    if (fault.isPresent()) {
      throw Status.FAILED_PRECONDITION.withDescription(fault.get()).asRuntimeException();
    }
    Optional<String> forgotten = here.identity().lives().fault(handshake);
    if (forgotten.isPresent()) {
      throw WENT_BACK.withDescription(forgotten.get()).asRuntimeException();
    }
    return here;
  }

  /** One lane of another node. gRPC calls it from one thread at a time. */
  private final class LaneIn implements StreamObserver<PeerFrame> {
    private final StreamObserver<LaneEnd> to;
    private @Nullable Member here;
    private long fromNodeId;
    private boolean ended;

    LaneIn(StreamObserver<LaneEnd> to) {
      this.to = to;
    }

    @Override
    public void onNext(PeerFrame frame) {
      if (ended) {
        return;
      }
      try {
        Member known = here;
        if (known == null) {
          known = welcome(frame.getHandshake());
          here = known;
          fromNodeId = frame.getHandshake().getFromNodeId();
        }
        known.identity().lives().reached(fromNodeId, frame.getJournalBlock());
        for (PeerMessage message : frame.getMessagesList()) {
          known.receiver().receive(fromNodeId, message.getShardId(), PeerMessages.decode(message));
        }
      } catch (IllegalArgumentException e) {
        end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      } catch (io.grpc.StatusRuntimeException e) {
        end(e);
      }
    }

    private void end(Exception reason) {
      ended = true;
      to.onError(reason);
    }

    @Override
    public void onError(Throwable failure) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      if (!ended) {
        ended = true;
        to.onCompleted();
      }
    }
  }
}
