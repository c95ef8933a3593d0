package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.LaneEnd;
import io.flotilla.internal.v1.PeerFrame;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.PeerMessage;
import io.flotilla.internal.v1.SnapshotAsk;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node says to callers that are not as they should be. */
class PeerServiceTest {
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final PeerChannels channels =
      PeerChannels.create(executor, executor, InsecureChannelCredentials::create);
  private final Peer two = new Peer(2).listen();
  private final PeerIdentity one =
      new PeerIdentity(Peer.CLUSTER, 1, Payload.utf8("store 1"), Peer.lives());
  private ManagedChannel channel = channels.open(two.address());

  /** How a stream ended; OK if the other side just ended it. */
  private static final class End<T> implements StreamObserver<T> {
    final CompletableFuture<Status> status = new CompletableFuture<>();

    @Override
    public void onNext(T message) {}

    @Override
    public void onError(Throwable failure) {
      status.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      status.complete(Status.OK);
    }

    Status get() {
      return status.orTimeout(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow();
    two.close();
    executor.shutdown();
    assertThat(executor.awaitTermination(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private Status lane(PeerFrame... frames) {
    End<LaneEnd> end = new End<>();
    StreamObserver<PeerFrame> out = PeerGrpc.newStub(channel).lane(end);
    for (PeerFrame frame : frames) {
      out.onNext(frame);
    }
    return end.get();
  }

  private static PeerFrame greeting(Handshake handshake) {
    return PeerFrame.newBuilder().setHandshake(handshake).build();
  }

  private static PeerFrame saying(PeerMessage message) {
    return PeerFrame.newBuilder().addMessages(message).build();
  }

  private static PeerMessage heartbeat() {
    return PeerMessages.encode(3, new Message.Heartbeat(31, 32, 7, 100, 9));
  }

  @Test
  void laneOfAnotherClusterIsRefused() {
    PeerIdentity stranger =
        new PeerIdentity(Payload.utf8("other"), 1, Payload.utf8("store"), Peer.lives());
    Status status = lane(greeting(stranger.handshake(2)), saying(heartbeat()));

    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).contains("another cluster");
    assertThat(two.received).isEmpty();
  }

  @Test
  void laneToAnotherNodeIsRefused() {
    Status status = lane(greeting(one.handshake(5)), saying(heartbeat()));

    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription()).contains("node 2", "node 5");
    assertThat(two.received).isEmpty();
  }

  @Test
  void laneWithoutAHandshakeIsRefused() {
    assertThat(lane(saying(heartbeat())).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(two.received).isEmpty();
  }

  @Test
  void messageThatIsNotKnownEndsTheLane() {
    Status status =
        lane(
            greeting(one.handshake(2)),
            saying(heartbeat()),
            saying(PeerMessage.newBuilder().setShardId(3).build()),
            saying(heartbeat()));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(two.received).hasSize(1);
  }

  @Test
  void nodeWithoutAClusterTakesNothingButProbes() throws InterruptedException {
    two.stopListening();
    two.listenAs(Optional.empty());
    channel.shutdownNow();
    channel = channels.open(two.address());

    assertThat(lane(greeting(one.handshake(2))).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(new PeerProber(channels).probe(two.address()).join().getAddress())
        .isEqualTo(two.address());
  }

  @Test
  void proberSaysWhyNobodyAnswers() throws IOException, InterruptedException {
    PeerProber prober = new PeerProber(channels);
    two.stopListening();
    assertThatThrownBy(() -> prober.probe(two.address()).join())
        .hasRootCauseInstanceOf(IOException.class)
        .hasMessageContaining("not reachable");

    var other =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build()
            .start();
    assertThatThrownBy(() -> prober.probe("127.0.0.1:" + other.getPort()).join())
        .hasMessageContaining("not a Flotilla server");
    other.shutdownNow().awaitTermination(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Status snapshot(SnapshotUp... words) {
    End<SnapshotDown> end = new End<>();
    StreamObserver<SnapshotUp> out = PeerGrpc.newStub(channel).snapshot(end);
    for (SnapshotUp word : words) {
      out.onNext(word);
    }
    return end.get();
  }

  @Test
  void snapshotWithoutAHandshakeOrAWelcomeIsRefused() {
    SnapshotUp nameless =
        SnapshotUp.newBuilder().setAsk(SnapshotAsk.newBuilder().setShardId(3)).build();
    SnapshotUp foreign = nameless.toBuilder().setHandshake(one.handshake(7)).build();

    assertThat(snapshot(nameless, nameless).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(snapshot(foreign).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }
}
