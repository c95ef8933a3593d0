package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.grpc.ManagedChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerLanesTest {
  private static final int MIB = 1 << 20;
  private static final Message HEARTBEAT = new Message.Heartbeat(31, 32, 7, 100, 9);

  private final AtomicLong clock = new AtomicLong();
  private final Peer one = new Peer(1);
  private final Peer two = new Peer(2);
  private final CountDownLatch letGo = new CountDownLatch(1);

  private static Message append(int bytes) {
    return new Message.AppendEntries(
        31, 32, 7, 4, 5, List.of(new Entry(7, 5, Entry.Type.DATA, Payload.of(new byte[bytes]))), 4);
  }

  private void connect() {
    one.transport.updateNodes(Map.of(2L, two.address()));
  }

  private void holdAppends() {
    two.onMessage =
        message -> {
          if (message instanceof Message.AppendEntries) {
            try {
              letGo.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
  }

  @AfterEach
  void close() {
    letGo.countDown();
    one.close();
    two.close();
  }

  @Test
  void messagesOfATurnArriveInOrder() throws InterruptedException {
    two.listen();
    connect();
    for (long shard = 1; shard <= 3; shard++) {
      one.outbox.send(2, shard, HEARTBEAT);
    }
    one.outbox.flush();
    one.send(2, 4, HEARTBEAT);

    for (long shard = 1; shard <= 4; shard++) {
      assertThat(two.next()).isEqualTo(new Peer.Received(1, shard, HEARTBEAT));
    }
    assertThat(one.channels).hasSize(1);
  }

  @Test
  void appendsThatAreNotReadDoNotHoldUpHeartbeats() throws InterruptedException {
    holdAppends();
    two.listen();
    connect();
    one.send(2, 3, append(10));
    assertThat(two.next().message()).isInstanceOf(Message.AppendEntries.class);

    for (int i = 0; i < 20; i++) {
      one.send(2, 3, append(MIB));
    }
    one.send(2, 4, HEARTBEAT);

    assertThat(two.next()).isEqualTo(new Peer.Received(1, 4, HEARTBEAT));
  }

  @Test
  void peerThatDoesNotReadCostsABoundedQueue() throws InterruptedException {
    holdAppends();
    int appends = 0;
    two.listen();
    connect();
    one.send(2, 3, append(10));
    var unused = two.next();
    Message large = append(MIB);
    int sent = 2 * Lane.APPEND.maxQueuedBytes() / MIB;
    for (int i = 0; i < sent; i++) {
      one.send(2, 3, large);
    }

    letGo.countDown();
    one.sendUntilHeard(two, 2, HEARTBEAT);
    Message last = new Message.TimeoutNow(31, 32, 7);
    Peer.Received next = one.sendUntilHeard(two, 2, last);
    while (!next.message().equals(last)) {
      if (next.message() instanceof Message.AppendEntries) {
        appends++;
      }
      next = two.next();
    }

    assertThat(appends).isBetween(Lane.APPEND.maxQueuedBytes() / MIB / 2, sent - 20);
  }

  @Test
  void peerThatIsDownIsReachedWhenItIsBack() throws InterruptedException {
    two.listen();
    connect();
    one.sendUntilHeard(two, 2, HEARTBEAT);
    two.stopListening();
    for (int i = 0; i < 1_000; i++) {
      one.send(2, 3, append(MIB));
    }
    two.received.clear();

    two.listen();

    assertThat(one.sendUntilHeard(two, 2, HEARTBEAT).fromNodeId()).isEqualTo(1);
  }

  @Test
  void nodeThatIsNotKnownIsNotSentTo() {
    one.send(9, 3, HEARTBEAT);

    assertThat(one.channels).isEmpty();
  }

  @Test
  void nodeThatMovedIsReachedAtItsNewAddressOnly() throws InterruptedException {
    two.listen();
    connect();
    one.sendUntilHeard(two, 2, HEARTBEAT);
    try (Peer moved = new Peer(2).listen()) {
      one.transport.updateNodes(Map.of(2L, moved.address()));
      assertThat(one.channels.get(0).isShutdown()).isTrue();
      two.received.clear();

      one.sendUntilHeard(moved, 2, HEARTBEAT);

      assertThat(two.received).isEmpty();
    }
  }

  @Test
  void nodeThatIsGoneIsLetGo() throws InterruptedException {
    two.listen();
    connect();
    one.sendUntilHeard(two, 2, HEARTBEAT);

    one.transport.updateNodes(Map.of());

    assertThat(one.channels).allMatch(ManagedChannel::isShutdown);
    one.send(2, 3, HEARTBEAT);
    assertThat(one.channels).hasSize(1);
  }

  @Test
  void sameAddressKeepsItsConnection() throws InterruptedException {
    two.listen();
    connect();
    one.sendUntilHeard(two, 2, HEARTBEAT);
    connect();
    one.sendUntilHeard(two, 2, HEARTBEAT);

    assertThat(one.channels).hasSize(1);
  }

  @Test
  void peerThatRefusesIsAskedLessAndLessOften() throws InterruptedException {
    PeerIdentity stranger =
        new PeerIdentity(Payload.utf8("other"), 2, Payload.utf8("store"), Peer.lives());
    two.listenAs(Optional.of(stranger));
    long millis = 1_000_000;
    try (Peer patient = new Peer(3, clock::get)) {
      patient.transport.updateNodes(Map.of(2L, two.address()));
      for (int pause : new int[] {20, 40, 80, 160, 320, 320}) {
        patient.send(2, 3, HEARTBEAT);
        ManagedChannel refused = patient.channels.get(patient.channels.size() - 1);
        assertThat(refused.awaitTermination(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        int connections = patient.channels.size();

        clock.addAndGet((pause - 1) * millis);
        patient.send(2, 3, HEARTBEAT);
        assertThat(patient.channels).as("within %s ms", pause).hasSize(connections);
        clock.addAndGet(millis);
      }
    }
    assertThat(two.received).isEmpty();
  }

  @Test
  void nodeThatWentBackIsToldSoAndNotHeard() throws InterruptedException {
    two.listen();
    connect();
    PeerIdentity before =
        new PeerIdentity(
            Peer.CLUSTER, 1, one.identity().storeId(), new PeerLives(9, () -> 12, reason -> {}));
    assertThat(two.identity().lives().fault(before.handshake(2))).isEmpty();

    one.send(2, 3, HEARTBEAT);

    assertThat(one.refusals.poll(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS))
        .contains("node 1", "went back in time", "block 12");
    assertThat(two.received).isEmpty();
    assertThat(two.refusals).isEmpty();
  }
}
