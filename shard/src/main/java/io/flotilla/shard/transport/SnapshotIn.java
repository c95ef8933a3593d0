package io.flotilla.shard.transport;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stream of one snapshot on its way in. gRPC calls it from one thread at a time. */
final class SnapshotIn implements StreamObserver<SnapshotUp>, SnapshotPipe<SnapshotDown> {
  private static final String BROKEN = "the connection to the sender broke";

  private final Function<Handshake, PeerService.Member> welcome;
  private final ServerCallStreamObserver<SnapshotDown> to;
  private @Nullable SnapshotPipe<SnapshotUp> receiver;
  private boolean refused;

  SnapshotIn(
      Function<Handshake, PeerService.Member> welcome, StreamObserver<SnapshotDown> answers) {
    this.welcome = welcome;
    this.to = (ServerCallStreamObserver<SnapshotDown>) answers;
    to.setOnCancelHandler(() -> over(BROKEN));
  }

  @Override
  public void onNext(SnapshotUp word) {
    if (refused) {
      return;
    }
    SnapshotPipe<SnapshotUp> known = receiver;
    if (known == null) {
      try {
        known = welcome.apply(word.getHandshake()).receiver().openSnapshot(this);
      } catch (StatusRuntimeException e) {
        refused = true;
        to.onError(e);
        return;
      }
      receiver = known;
    }
    known.send(word);
  }

  @Override
  public void onError(Throwable failure) {
    over(BROKEN);
  }

  @Override
  public void onCompleted() {
    over("the sender ended the stream");
  }

  private void over(String reason) {
    SnapshotPipe<SnapshotUp> known = receiver;
    if (known != null) {
      known.end(reason);
    }
  }

  @Override
  public void send(SnapshotDown word) {
    to.onNext(word);
  }

  @Override
  public void end(String reason) {
    to.onCompleted();
  }
}
