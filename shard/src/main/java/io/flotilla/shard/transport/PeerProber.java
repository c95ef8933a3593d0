package io.flotilla.shard.transport;

import io.flotilla.internal.v1.PeerGrpc;
import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.internal.v1.ProbeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks addresses who is there, each over a connection of its own. Any thread. */
public final class PeerProber {
  private static final int TIMEOUT_MILLIS = 1_000;

  private final PeerChannels channels;

  public PeerProber(PeerChannels channels) {
    this.channels = channels;
  }

  /** Fails with the reason in words if nobody answers in time. */
  public CompletableFuture<ProbeReply> probe(String address) {
    CompletableFuture<ProbeReply> result = new CompletableFuture<>();
    ManagedChannel channel = channels.open(address);
    PeerGrpc.newStub(channel)
        .withDeadlineAfter(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .probe(
            ProbeRequest.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(ProbeReply reply) {
                result.complete(reply);
              }

              @Override
              public void onError(Throwable failure) {
                channel.shutdownNow();
                result.completeExceptionally(new IllegalStateException(reason(failure), failure));
              }

              @Override
              public void onCompleted() {
                channel.shutdownNow();
              }
            });
    return result;
  }

  private static String reason(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED -> "no answer in " + TIMEOUT_MILLIS + " ms";
      case UNAVAILABLE ->
          "not reachable" + Reasons.ofTls(failure).map(why -> ": TLS: " + why).orElse("");
      case UNIMPLEMENTED -> "not a Flotilla server";
      default -> String.valueOf(status.getDescription());
    };
  }
}
