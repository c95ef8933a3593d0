package io.flotilla.router.grpc;

import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.RequestFrame;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one node, on a channel of its own. The channel goes with the stream: a new one has
 * no memory of failures, so gRPC's own pauses between connections never add to ours, and the name
 * is resolved again.
 */
final class ExecuteCall implements ClientResponseObserver<RequestFrame, ReplyFrame> {
  private final NodeConnection owner;
  private final int connectTimeoutMillis;

  private volatile @Nullable ManagedChannel channel;
  private volatile @Nullable ClientCallStreamObserver<RequestFrame> out;
  private volatile boolean connected;
  private volatile boolean ended;

  ExecuteCall(NodeConnection owner, int connectTimeoutMillis) {
    this.owner = owner;
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  void start(ManagedChannel opened) {
    channel = opened;
    // Who calls may be serving a call itself, and the end of that one would end the stream.
    Context.ROOT.run(
        () -> {
          var unused = KvGrpc.newStub(opened).execute(this);
        });
    if (ended) {
      opened.shutdownNow();
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<RequestFrame> requests) {
    requests.setOnReadyHandler(
        () -> {
          connected = true;
          owner.ready();
        });
    out = requests;
  }

  /** Whether a frame would leave now rather than be buffered. */
  boolean isReady() {
    ClientCallStreamObserver<RequestFrame> requests = out;
    return connected && requests != null && requests.isReady();
  }

  boolean connected() {
    return connected;
  }

  String silence() {
    return "no connection within " + connectTimeoutMillis + " ms";
  }

  /** By one thread at a time. */
  void send(RequestFrame frame) {
    ClientCallStreamObserver<RequestFrame> requests = out;
    try {
      if (requests != null) {
        requests.onNext(frame);
      }
    } catch (RuntimeException e) {
      // Mostly: the stream ended meanwhile. Whatever it is, this stream is of no use any more.
      owner.broken(this, "the frame could not be sent: " + e.getMessage());
    }
  }

  void shutdown() {
    ended = true;
    ManagedChannel opened = channel;
    if (opened != null) {
      opened.shutdownNow();
    }
  }

  @Override
  public void onNext(ReplyFrame frame) {
    owner.received(this, frame);
  }

  @Override
  public void onError(Throwable failure) {
    Problems.refusal(failure)
        .ifPresentOrElse(
            code -> owner.refused(this, code, Problems.of(failure)),
            () -> owner.broken(this, Problems.of(failure)));
  }

  @Override
  public void onCompleted() {
    owner.broken(this, "the node ended the stream");
  }
}
