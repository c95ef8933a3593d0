package io.flotilla.client;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.flotilla.contract.v1.RoutesGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/** One server of a {@link FakeCluster}, with switches for what goes wrong. */
final class FakeNode implements AutoCloseable {
  final long id;

  /** Takes requests and neither executes nor answers them. */
  volatile Predicate<Request> silent = request -> false;

  /** Executes the request, then breaks the stream instead of answering. */
  volatile Predicate<Request> dropsAfter = request -> false;

  /** Answers without executing. */
  volatile Function<Request, Optional<Reply>> script = request -> Optional.empty();

  /** Holds all answers back until it is complete. */
  volatile CompletableFuture<?> gate = CompletableFuture.completedFuture(null);

  /** Every request that came, also those that were not executed. */
  final Queue<Request> received = new ConcurrentLinkedQueue<>();

  final AtomicInteger frames = new AtomicInteger();

  /** Where clients find it; empty: where it listens. */
  volatile String advertised = "";

  private final FakeCluster cluster;
  private final List<StreamObserver<GetCatalogReply>> watchers = new CopyOnWriteArrayList<>();
  private final Server server;
  private final int port;

  FakeNode(long id, FakeCluster cluster) throws IOException {
    this.id = id;
    this.cluster = cluster;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Kv())
            .addService(new Routes())
            .build()
            .start();
    this.port = server.getPort();
  }

  String address() {
    return advertised.isEmpty() ? listens() : advertised;
  }

  String listens() {
    return "127.0.0.1:" + port;
  }

  boolean isStopped() {
    return server.isShutdown();
  }

  void publish(GetCatalogReply catalog) {
    watchers.forEach(watcher -> watcher.onNext(catalog));
  }

  /** Requests of a kind that came so far. */
  long count(Predicate<Request> kind) {
    return received.stream().filter(kind).count();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Kv extends KvGrpc.KvImplBase {
    @Override
    public StreamObserver<RequestFrame> execute(StreamObserver<ReplyFrame> to) {
      return new Stream(to);
    }
  }

  private final class Stream implements StreamObserver<RequestFrame> {
    private final StreamObserver<ReplyFrame> to;
    private boolean ended;

    Stream(StreamObserver<ReplyFrame> to) {
      this.to = to;
    }

    @Override
    public void onNext(RequestFrame frame) {
      frames.incrementAndGet();
      for (Request request : frame.getRequestsList()) {
        received.add(request);
        if (!silent.test(request)) {
          answer(request);
        }
      }
    }

    private void answer(Request request) {
      Reply reply = script.apply(request).orElseGet(() -> cluster.execute(FakeNode.this, request));
      if (dropsAfter.test(request)) {
        end();
        return;
      }
      Reply numbered = reply.toBuilder().setId(request.getId()).build();
      var unused = gate.thenRun(() -> send(numbered));
    }

    private synchronized void send(Reply reply) {
      if (!ended) {
        to.onNext(ReplyFrame.newBuilder().addReplies(reply).build());
      }
    }

    private synchronized void end() {
      if (!ended) {
        ended = true;
        to.onError(Status.UNAVAILABLE.withDescription("dropped").asRuntimeException());
      }
    }

    @Override
    public synchronized void onError(Throwable failure) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      to.onCompleted();
    }
  }

  private final class Routes extends RoutesGrpc.RoutesImplBase {
    @Override
    public void getRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
      to.onNext(cluster.catalog());
      to.onCompleted();
    }

    @Override
    public void watchRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
      to.onNext(cluster.catalog());
      watchers.add(to);
    }
  }
}
