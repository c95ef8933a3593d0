package io.flotilla.shard.transport;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/** The stream of one snapshot on its way out, with a connection of its own that ends with it. */
final class SnapshotSend
    implements ClientResponseObserver<SnapshotUp, SnapshotDown>, SnapshotPipe<SnapshotUp> {
  private final Handshake handshake;
  private final ManagedChannel channel;
  private final SnapshotPipe<SnapshotDown> answers;
  private final Runnable closed;
  private @Nullable ClientCallStreamObserver<SnapshotUp> out;
  private boolean introduced;
  private boolean ended;

  /**
   * A stream that is not open yet.
   *
   * @param channel for this stream alone
   * @param closed is run when the connection is not needed any more
   */
  SnapshotSend(
      Handshake handshake,
      ManagedChannel channel,
      SnapshotPipe<SnapshotDown> answers,
      Runnable closed) {
    this.handshake = handshake;
    this.channel = channel;
    this.answers = answers;
    this.closed = closed;
  }

  SnapshotSend open() {
    var unused = PeerGrpc.newStub(channel).snapshot(this);
    return this;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SnapshotUp> requests) {
    out = requests;
  }

  @Override
  public void send(SnapshotUp word) {
    ClientCallStreamObserver<SnapshotUp> to = out;
    if (ended || to == null) {
      return;
    }
    SnapshotUp first = introduced ? word : word.toBuilder().setHandshake(handshake).build();
    introduced = true;
    to.onNext(first);
  }

  @Override
  public void end(String reason) {
    ClientCallStreamObserver<SnapshotUp> to = out;
    if (ended || to == null) {
      return;
    }
    ended = true;
    if (reason.isEmpty()) {
      to.onCompleted();
      channel.shutdown();
    } else {
      to.cancel(reason, null);
      channel.shutdownNow();
    }
    closed.run();
  }

  @Override
  public void onNext(SnapshotDown word) {
    answers.send(word);
  }

  @Override
  public void onError(Throwable failure) {
    answers.end(Reasons.of(failure));
  }

  @Override
  public void onCompleted() {
    answers.end("the receiver ended the stream");
  }
}
