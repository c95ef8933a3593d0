package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotProgress;
import io.flotilla.internal.v1.SnapshotResult;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of a snapshot over a real network. */
class PeerSnapshotTest {
  private static final int CHUNK = 256 << 10;

  private final Peer one = new Peer(1);
  private final Peer two = new Peer(2).listen();
  private final Ear<SnapshotDown> sender = new Ear<>();
  private final Ear<SnapshotUp> receiver = new Ear<>();
  private final CompletableFuture<SnapshotPipe<SnapshotDown>> back = new CompletableFuture<>();

  /** One end of a stream. */
  private static final class Ear<W> implements SnapshotPipe<W> {
    final BlockingQueue<W> words = new LinkedBlockingQueue<>();
    final CompletableFuture<String> ended = new CompletableFuture<>();

    @Override
    public void send(W word) {
      words.add(word);
    }

    @Override
    public void end(String reason) {
      ended.complete(reason);
    }

    W next() throws InterruptedException {
      W word = words.poll(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (word == null) {
        throw new AssertionError("nothing came; ended: " + ended.getNow("no"));
      }
      return word;
    }
  }

  private static <T> T soon(CompletableFuture<T> future) {
    return future.orTimeout(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private static SnapshotUp chunk(long offset) {
    return SnapshotUp.newBuilder()
        .setChunk(
            SnapshotChunk.newBuilder()
                .setOffset(offset)
                .setData(ByteString.copyFrom(new byte[CHUNK])))
        .build();
  }

  private static SnapshotDown progress(long bytes) {
    return SnapshotDown.newBuilder()
        .setProgress(SnapshotProgress.newBuilder().setBytes(bytes))
        .build();
  }

  private SnapshotPipe<SnapshotUp> open() {
    return one.transport.openSnapshot(2, sender).orElseThrow();
  }

  @BeforeEach
  void connect() {
    two.onSnapshot =
        answers -> {
          back.complete(answers);
          return receiver;
        };
    one.transport.updateNodes(Map.of(2L, two.address()));
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void offerSurvivesTheWay() {
    ShardDescriptor shard = Shards.of(2, Shards.range("a", "m"), 1, 2, 3);
    SnapshotMetadata at = new SnapshotMetadata(1L << 40, 7, shard.membership());
    SnapshotOffer offer =
        new SnapshotOffer(
            shard, new Message.InstallSnapshot(21, 22, 8, at), 77, Payload.utf8("which file"));

    assertThat(SnapshotOffer.fromProto(offer.toProto())).isEqualTo(offer);
  }

  @Test
  void wordsArriveInOrderBothWaysAndTheFirstOneSaysWhoSpeaks() throws InterruptedException {
    SnapshotPipe<SnapshotUp> to = open();
    for (int i = 0; i < 40; i++) {
      to.send(chunk((long) i * CHUNK));
    }
    for (int i = 0; i < 40; i++) {
      SnapshotUp word = receiver.next();
      assertThat(word.getChunk().getOffset()).isEqualTo((long) i * CHUNK);
      assertThat(word.hasHandshake()).isEqualTo(i == 0);
      soon(back).send(progress(i));
    }
    for (int i = 0; i < 40; i++) {
      assertThat(sender.next()).isEqualTo(progress(i));
    }
  }

  @Test
  void receiverEndsTheStreamAfterItsResult() throws InterruptedException {
    open().send(chunk(0));
    SnapshotDown result =
        SnapshotDown.newBuilder()
            .setResult(SnapshotResult.newBuilder().setReason("not now"))
            .build();
    soon(back).send(result);
    soon(back).end("not now");

    assertThat(sender.next()).isEqualTo(result);
    assertThat(soon(sender.ended)).contains("ended");
  }

  @Test
  void senderThatGivesUpTellsTheReceiverAndItsConnectionGoes() throws InterruptedException {
    SnapshotPipe<SnapshotUp> to = open();
    to.send(chunk(0));
    receiver.next();

    to.end("stalled");

    assertThat(soon(receiver.ended)).isNotEmpty();
    assertThat(one.channels).hasSize(1);
    assertThat(one.channels.get(0).isShutdown()).isTrue();
    soon(back).send(progress(1)); // harms nobody
    soon(back).end("");
  }

  @Test
  void senderThatDiesIsNoticed() throws InterruptedException {
    open().send(chunk(0));
    receiver.next();

    one.transport.close();

    assertThat(soon(receiver.ended)).isNotEmpty();
    assertThat(soon(sender.ended)).isNotEmpty();
  }

  @Test
  void receiverThatDiesIsNoticed() throws InterruptedException {
    SnapshotPipe<SnapshotUp> to = open();
    to.send(chunk(0));
    receiver.next();

    two.stopListening();

    assertThat(soon(sender.ended)).isNotEmpty();
    to.send(chunk(CHUNK)); // harms nobody
    to.end("");
  }

  @Test
  void nodeThatNobodyCanReachIsNoticed() throws InterruptedException {
    two.stopListening();

    open().send(chunk(0));

    assertThat(soon(sender.ended)).isNotEmpty();
  }

  @Test
  void nodeThatIsNotKnownGetsNothing() {
    assertThat(one.transport.openSnapshot(9, sender)).isEmpty();
  }

  @Test
  void nodeOfAnotherClusterIsRefused() throws InterruptedException {
    two.stopListening();
    PeerIdentity other =
        new PeerIdentity(Payload.utf8("another cluster!"), 2, Payload.utf8("store"), Peer.lives());
    two.listenAs(Optional.of(other));

    open().send(chunk(0));

    assertThat(soon(sender.ended)).contains("another cluster");
    assertThat(back).isNotDone();
  }

  @Test
  void lanesHaveAConnectionOfTheirOwnThatLosesNothingWhenASnapshotBreaks()
      throws InterruptedException {
    Message vote = new Message.TimeoutNow(1, 2, 3);
    one.sendUntilHeard(two, 2, vote);
    SnapshotPipe<SnapshotUp> to = open();
    to.send(chunk(0));
    receiver.next();
    assertThat(one.channels).hasSize(2);

    to.end("cut");
    soon(receiver.ended);

    assertThat(one.channels.get(0).isShutdown()).isFalse();
    assertThat(one.channels.get(1).isShutdown()).isTrue();
    one.send(2, 3, vote);
    assertThat(two.next().message()).isEqualTo(vote);
    assertThat(one.channels).hasSize(2);
  }
}
