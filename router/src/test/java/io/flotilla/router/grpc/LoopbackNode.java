package io.flotilla.router.grpc;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.flotilla.contract.v1.RoutesGrpc;
import io.flotilla.router.NodeAddress;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server whose streams a test holds in its hands. */
final class LoopbackNode implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  final BlockingQueue<Stream> opened = new LinkedBlockingQueue<>();
  final Queue<StreamObserver<GetCatalogReply>> watchers = new ConcurrentLinkedQueue<>();

  /** Answers every request at once. */
  volatile boolean answers = true;

  private final Server server;
  private final int port;

  LoopbackNode(int wantedPort) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort))
            .addService(new Kv())
            .addService(new Routes())
            .build()
            .start();
    port = server.getPort();
  }

  NodeAddress address() {
    return new NodeAddress("127.0.0.1", port);
  }

  /** The next stream that was opened. */
  Stream stream() throws InterruptedException {
    Stream stream = opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("no stream was opened");
    }
    return stream;
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the server did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Reply put(Request request) {
    return Reply.newBuilder()
        .setId(request.getId())
        .setPut(PutReply.newBuilder().setApplied(true))
        .build();
  }

  /** One stream of a caller. */
  final class Stream implements StreamObserver<RequestFrame> {
    final BlockingQueue<RequestFrame> frames = new LinkedBlockingQueue<>();
    private final StreamObserver<ReplyFrame> to;

    Stream(StreamObserver<ReplyFrame> to) {
      this.to = to;
    }

    RequestFrame frame() throws InterruptedException {
      RequestFrame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame came");
      }
      return frame;
    }

    synchronized void reply(Reply reply) {
      to.onNext(ReplyFrame.newBuilder().addReplies(reply).build());
    }

    synchronized void drop() {
      to.onError(Status.UNAVAILABLE.withDescription("dropped").asRuntimeException());
    }

    @Override
    public void onNext(RequestFrame frame) {
      frames.add(frame);
      if (answers) {
        frame.getRequestsList().forEach(request -> reply(put(request)));
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  private final class Kv extends KvGrpc.KvImplBase {
    @Override
    public StreamObserver<RequestFrame> execute(StreamObserver<ReplyFrame> to) {
      Stream stream = new Stream(to);
      opened.add(stream);
      return stream;
    }
  }

  private final class Routes extends RoutesGrpc.RoutesImplBase {
    @Override
    public void getRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
      if (answers) {
        to.onNext(GetCatalogReply.newBuilder().setVersion(7).build());
        to.onCompleted();
      }
    }

    @Override
    public void watchRoutes(GetCatalogRequest request, StreamObserver<GetCatalogReply> to) {
      to.onNext(GetCatalogReply.newBuilder().setVersion(request.getKnownVersion() + 1).build());
      watchers.add(to);
    }
  }
}
