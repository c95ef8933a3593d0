package io.flotilla.router.grpc;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.router.NodeAddress;
import io.flotilla.router.RouteFeed;
import io.flotilla.router.Scheduler;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Route maps over the {@code Routes} service. Each question has a channel of its own: questions are
 * rare, and a large map must not hold up the calls to the same node.
 */
public final class GrpcRouteFeed implements RouteFeed {
  private final ChannelFactory channels;
  private final Scheduler scheduler;
  private final Set<ManagedChannel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Opens nothing yet. */
  public GrpcRouteFeed(ChannelFactory channels, Scheduler scheduler) {
    this.channels = channels;
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<Answer> fetch(NodeAddress node, long knownVersion, long deadlineNanos) {
    CompletableFuture<Answer> result = new CompletableFuture<>();
    ManagedChannel channel = open(node);
    Receiver receiver =
        new Receiver(
            catalog -> result.complete(Answer.of(catalog)),
            (problem, refused) -> {
              discard(channel);
              result.complete(new Answer(null, problem, refused));
            });
    // Many may wait for the answer: it must not end with the call that the first of them serves.
    Context.ROOT.run(
        () ->
            RoutesGrpc.newStub(channel)
                .withDeadlineAfter(deadlineNanos - scheduler.nanoTime(), TimeUnit.NANOSECONDS)
                .getRoutes(request(knownVersion), receiver));
    return result;
  }

  @Override
  public Subscription watch(
      NodeAddress node,
      long knownVersion,
      Consumer<GetCatalogReply> onCatalog,
      Consumer<String> onEnd) {
    AtomicBoolean cancelled = new AtomicBoolean();
    ManagedChannel channel = open(node);
    Receiver receiver =
        new Receiver(
            catalog -> {
              if (!cancelled.get()) {
                onCatalog.accept(catalog);
              }
            },
            (problem, refused) -> {
              discard(channel);
              if (!cancelled.getAndSet(true)) {
                onEnd.accept(problem);
              }
            });
    Context.ROOT.run(
        () -> RoutesGrpc.newStub(channel).watchRoutes(request(knownVersion), receiver));
    return () -> {
      cancelled.set(true);
      discard(channel);
    };
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(this::discard);
  }

  private ManagedChannel open(NodeAddress node) {
    ManagedChannel channel = channels.open(node);
    open.add(channel);
    if (closed) {
      discard(channel);
    }
    return channel;
  }

  private void discard(ManagedChannel channel) {
    open.remove(channel);
    channel.shutdownNow();
  }

  private static GetCatalogRequest request(long knownVersion) {
    return GetCatalogRequest.newBuilder().setKnownVersion(knownVersion).build();
  }

  /** Hears why a call ended, and whether one side did not believe the other who it is. */
  @FunctionalInterface
  private interface End {
    void ended(String problem, boolean refused);
  }

  /** Hands on catalogs and, once, the end. */
  private record Receiver(Consumer<GetCatalogReply> onCatalog, End onEnd)
      implements StreamObserver<GetCatalogReply> {
    @Override
    public void onNext(GetCatalogReply catalog) {
      onCatalog.accept(catalog);
    }

    @Override
    public void onError(Throwable failure) {
      onEnd.ended(Problems.of(failure), Problems.isRefusal(failure));
    }

    @Override
    public void onCompleted() {
      onEnd.ended("the node ended the stream", false);
    }
  }
}
