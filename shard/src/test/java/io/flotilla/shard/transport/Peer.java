package io.flotilla.shard.transport;

import io.flotilla.internal.v1.ProbeReply;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A node as others see it: a gRPC server on loopback, and a transport to the others. */
final class Peer implements AutoCloseable {
  static final Payload CLUSTER = Payload.utf8("cluster of test!");
  static final long PATIENCE_SECONDS = 20;
  private static final long RETRY_MILLIS = 20;

  /** A message that came in. */
  record Received(long fromNodeId, long shardId, Message message) {}

  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();
  final GrpcPeerTransport transport;
  final PeerOutbox outbox;
  volatile Consumer<Message> onMessage = message -> {};
  volatile Function<SnapshotPipe<SnapshotDown>, SnapshotPipe<SnapshotUp>> onSnapshot =
      answers -> {
        throw new AssertionError("no snapshot was to come");
      };

  private final PeerIdentity identity;
  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private @Nullable Server server;
  private int port;

  Peer(long nodeId) {
    this(nodeId, System::nanoTime);
  }

  /**
   * A node that is not reachable until {@link #listen}.
   *
   * @param nanos the clock of its transport
   */
  Peer(long nodeId, LongSupplier nanos) {
    PeerLives lives = new PeerLives(1, () -> 0, refusals::add);
    identity = new PeerIdentity(CLUSTER, nodeId, Payload.utf8("store " + nodeId), lives);
    PeerChannels real = PeerChannels.create(executor, executor, InsecureChannelCredentials::create);
    transport =
        new GrpcPeerTransport(
            new GrpcPeerTransport.Parts(
                identity,
                address -> {
                  ManagedChannel channel = real.open(address);
                  channels.add(channel);
                  return channel;
                },
                nanos,
                PeerMeter.NONE));
    outbox = transport.newOutbox();
  }

  /** A first life, of which nobody knows anything. */
  static PeerLives lives() {
    return new PeerLives(
        1,
        () -> 0,
        reason -> {
          throw new AssertionError(reason);
        });
  }

  PeerIdentity identity() {
    return identity;
  }

  /** Serves as itself; on the same port as the last time, if there was one. */
  Peer listen() {
    return listenAs(Optional.of(identity));
  }

  /** Serves as somebody, or as a node that is not in a cluster. */
  Peer listenAs(Optional<PeerIdentity> who) {
    PeerService service =
        new PeerService(() -> ProbeReply.newBuilder().setAddress(address()).build());
    who.ifPresent(as -> service.serve(new PeerService.Member(as, receiver())));
    try {
      server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .executor(executor)
              .addService(service)
              .build()
              .start();
      port = server.getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private PeerReceiver receiver() {
    return new PeerReceiver() {
      @Override
      public void receive(long fromNodeId, long shardId, Message message) {
        received.add(new Received(fromNodeId, shardId, message));
        onMessage.accept(message);
      }

      @Override
      public SnapshotPipe<SnapshotUp> openSnapshot(SnapshotPipe<SnapshotDown> answers) {
        return onSnapshot.apply(answers);
      }
    };
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void stopListening() throws InterruptedException {
    Server stopping = server;
    if (stopping != null) {
      stopping.shutdownNow().awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Sends now. */
  void send(long toNode, long shardId, Message message) {
    outbox.send(toNode, shardId, message);
    outbox.flush();
  }

  /** Says it until it is heard, as Raft does. */
  Received sendUntilHeard(Peer to, long toNode, Message message) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      send(toNode, 3, message);
      Received heard = to.received.poll(RETRY_MILLIS, TimeUnit.MILLISECONDS);
      if (heard != null) {
        return heard;
      }
    }
    throw new AssertionError("not heard: " + message);
  }

  Received next() throws InterruptedException {
    Received next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  @Override
  public void close() {
    transport.close();
    try {
      stopListening();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }
}
