package io.flotilla.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.internal.v1.SnapshotAsk;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.storage.SimFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Speaks the sender's part by hand. */
class SnapshotReceiverTest {
  private static final int AT_ONCE = TestNode.config().snapshots().atOnce();
  private static final int CHUNK = TestNode.config().snapshots().chunkBytes();
  private static final int STALL_TICKS =
      TestNode.config().snapshots().stallMillis() / TestNode.TICK_MILLIS;

  private final TestCluster cluster = new TestCluster(1);
  private final TestNode node = cluster.node(1);
  private final Payload file = random(10 * CHUNK);

  private static Payload random(int bytes) {
    byte[] content = new byte[bytes];
    new SplittableRandom(5).nextBytes(content);
    return Payload.of(content);
  }

  private static ShardDescriptor present() {
    return Shards.of(2, KeyRange.ALL, 1);
  }

  private static SnapshotOffer offerOf(ShardDescriptor shard, long bytes, String sha256) {
    SnapshotMetadata at = new SnapshotMetadata(100, 5, shard.membership());
    long own = shard.replicas().get(0).replicaId();
    return new SnapshotOffer(
        shard, new Message.InstallSnapshot(own + 1, own, 5, at), bytes, Payload.utf8(sha256));
  }

  /** The other end of a stream. */
  private final class Stream implements SnapshotPipe<SnapshotDown> {
    final List<SnapshotDown> heard = new ArrayList<>();
    final SnapshotPipe<SnapshotUp> to = node.host().openSnapshot(this);
    boolean ended;

    @Override
    public void send(SnapshotDown word) {
      assertThat(ended).isFalse();
      heard.add(word);
    }

    @Override
    public void end(String reason) {
      ended = true;
    }

    SnapshotDown last() {
      cluster.settle();
      return heard.get(heard.size() - 1);
    }

    String refusal() {
      assertThat(last().hasResult()).as("%s", heard).isTrue();
      assertThat(last().getResult().getAccepted()).isFalse();
      assertThat(ended).isTrue();
      return last().getResult().getReason();
    }

    Stream ask(ShardDescriptor shard) {
      to.send(
          SnapshotUp.newBuilder()
              .setAsk(
                  SnapshotAsk.newBuilder()
                      .setShardId(shard.shardId())
                      .setToReplica(shard.replicas().get(0).replicaId()))
              .build());
      cluster.settle();
      return this;
    }

    Stream offer(SnapshotOffer offer) {
      ask(offer.shard());
      assertThat(last().hasGo()).as("%s", last()).isTrue();
      to.send(SnapshotUp.newBuilder().setHeader(offer.toProto()).build());
      cluster.settle();
      return this;
    }

    /** Where the receiver wants to go on. */
    long resume() {
      return heard.stream()
          .filter(SnapshotDown::hasResume)
          .findFirst()
          .orElseThrow(() -> new AssertionError("refused: " + heard))
          .getResume()
          .getOffset();
    }

    Stream chunk(long offset, Payload bytes, int crc) {
      to.send(
          SnapshotUp.newBuilder()
              .setChunk(
                  SnapshotChunk.newBuilder()
                      .setOffset(offset)
                      .setData(Descriptors.bytes(bytes))
                      .setCrc32C(crc))
              .build());
      cluster.settle();
      return this;
    }

    /** Bytes of the file, as they should be. */
    Stream chunks(Payload of, int from, int to) {
      for (int at = from; at < to; at += CHUNK) {
        Payload bytes =
            Payload.of(Arrays.copyOfRange(of.toByteArray(), at, Math.min(of.size(), at + CHUNK)));
        chunk(at, bytes, OutgoingSnapshot.crc(bytes));
      }
      return this;
    }
  }

  private Stream stream() {
    return new Stream();
  }

  private SnapshotOffer offer() {
    return offerOf(present(), file.size(), "one");
  }

  private List<String> filesHere() {
    return List.copyOf(node.disk().store().snapshots().list());
  }

  private SimFiles disk() {
    return node.disk().disk().snapshots();
  }

  @BeforeEach
  void start() {
    cluster.settle();
  }

  @Test
  void onlySoManyAreTakenAtOnceAndWhoeverIsTooManyHearsSoBeforeItMakesAFile() {
    Stream first = stream().ask(Shards.of(9, Shards.range("b", "c"), 1));
    for (int i = 1; i < AT_ONCE; i++) {
      assertThat(stream().ask(Shards.of(9 + i, Shards.range("b", "c"), 1)).last().hasGo()).isTrue();
    }
    assertThat(stream().ask(present()).refusal()).contains("busy with " + AT_ONCE);

    first.to.end("gone");
    cluster.settle();

    assertThat(stream().ask(present()).last().hasGo()).isTrue();
  }

  @Test
  void snapshotForAnotherReplicaIsRefusedAndTakesNoRoom() {
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThat(stream().ask(Shards.of(2, KeyRange.ALL, 7)).refusal()).contains("another replica");
    }
    assertThat(stream().ask(present()).last().hasGo()).isTrue();
  }

  @Test
  void snapshotWhoseKeysAreHeldHereIsRefusedAndTakesNoRoom() {
    ShardDescriptor overlapping = Shards.of(9, Shards.range("m", ""), 1);
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThat(stream().offer(offerOf(overlapping, 1_000, "x")).refusal())
          .contains("some of its keys");
    }
    assertThat(stream().ask(present()).last().hasGo()).isTrue();
  }

  @Test
  void streamForTheSameReplicaTakesThePlaceOfADeadOne() {
    Stream dead = stream().offer(offer()).chunks(file, 0, 3 * CHUNK);

    Stream again = stream().offer(offer());

    assertThat(dead.ended).isTrue();
    assertThat(again.resume()).isEqualTo(3 * CHUNK);
  }

  @Test
  void whatCameBeforeACutIsNotAskedForAgain() {
    Stream first = stream().offer(offer()).chunks(file, 0, 4 * CHUNK);
    assertThat(first.resume()).isZero();
    first.to.end("cut");
    cluster.settle();

    assertThat(stream().offer(offer()).resume()).isEqualTo(4 * CHUNK);
  }

  @Test
  void afterACrashOnlyWhatWasDurableIsThere() {
    long step = TestNode.config().snapshots().syncBytes(file.size());
    assertThat(step).isLessThan(CHUNK);
    SnapshotOffer large = offerOf(present(), 64 * CHUNK, "large");
    stream().offer(large).chunks(random(64 * CHUNK), 0, 5 * CHUNK);

    node.restart();
    cluster.settle();

    // Of five chunks four were synced: every fourth, for a file of this size.
    assertThat(stream().offer(large).resume()).isEqualTo(4 * CHUNK);
  }

  @Test
  void recordThatSaysMoreThanTheFileHoldsIsNotBelieved() {
    Stream cut = stream().offer(offer()).chunks(file, 0, 4 * CHUNK);
    cut.to.end("cut");
    cluster.settle();
    String name = filesHere().stream().filter(f -> !f.endsWith(".part")).findFirst().orElseThrow();
    disk().overwrite(name, random(CHUNK));

    node.restart();
    cluster.settle();

    assertThat(filesHere()).isEmpty();
    assertThat(stream().offer(offer()).resume()).isZero();
  }

  @Test
  void partOfAnotherFileIsNotGoneOnWith() {
    Stream first = stream().offer(offer()).chunks(file, 0, 4 * CHUNK);
    first.to.end("cut");

    Stream other = stream().offer(offerOf(present(), file.size(), "two"));

    assertThat(other.resume()).isZero();
    assertThat(filesHere()).hasSize(1);
  }

  @Test
  void bytesChangedOnTheWayEndTheStreamAndWhatCameBeforeStays() {
    Stream stream = stream().offer(offer()).chunks(file, 0, 2 * CHUNK);

    stream.chunk(2 * CHUNK, random(CHUNK), 17);

    assertThat(stream.refusal()).contains("changed on the way");
    assertThat(stream().offer(offer()).resume()).isEqualTo(2 * CHUNK);
  }

  @Test
  void bytesOutOfTurnEndTheStream() {
    Stream stream = stream().offer(offer());

    assertThat(stream.chunks(file, 2 * CHUNK, 3 * CHUNK).refusal()).contains("to come next");
  }

  @Test
  void snapshotLongerThanAnnouncedIsRefused() {
    Stream stream = stream().offer(offerOf(present(), CHUNK / 2, "short"));

    assertThat(stream.chunks(file, 0, CHUNK).refusal()).contains("longer than announced");
    assertThat(filesHere()).isEmpty();
  }

  @Test
  void fileThatIsNoSnapshotIsNotTakenAndIsDeleted() {
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      assertThat(stream().offer(offer()).chunks(file, 0, file.size()).refusal())
          .contains("not sound");
    }
    assertThat(filesHere()).isEmpty();
  }

  @Test
  void fileForWhichThereIsNoRoomIsRefusedBeforeItComes() {
    disk().freeBytes(file.size() - 1);
    assertThat(stream().offer(offer()).refusal()).contains("no room on the disk");

    disk().freeBytes(file.size());
    Stream fits = stream().offer(offer()).chunks(file, 0, 4 * CHUNK);
    assertThat(fits.resume()).isZero();
    fits.to.end("cut");
    cluster.settle();

    disk().freeBytes(file.size() - 4 * CHUNK);
    assertThat(stream().offer(offer()).resume()).as("only the rest").isEqualTo(4 * CHUNK);
  }

  @Test
  void fileThatCanNeverFitIsRefused() {
    long map = node.disk().store().state().usage().mapBytes();

    assertThat(stream().offer(offerOf(present(), map, "huge")).refusal()).contains("does not fit");
    assertThat(stream().offer(offerOf(present(), Long.MAX_VALUE, "huge")).refusal())
        .contains("does not fit");
    assertThat(stream().offer(offerOf(present(), 0, "empty")).refusal()).contains("does not fit");
  }

  @Test
  void diskThatFailsLeavesNothingToGoOnWith() {
    for (int i = 0; i < 2 * AT_ONCE; i++) {
      Stream stream = stream().offer(offer()).chunks(file, 0, 2 * CHUNK);
      disk().failAtStep(1);

      assertThat(stream.chunks(file, 2 * CHUNK, 3 * CHUNK).refusal()).contains("simulated failure");
      assertThat(filesHere()).isEmpty();
    }
  }

  @Test
  void senderThatFallsSilentIsGivenUpAndWhatCameStays() {
    Stream silent = stream().offer(offer()).chunks(file, 0, 2 * CHUNK);
    cluster.tick(STALL_TICKS);
    assertThat(silent.ended).isFalse();
    cluster.tick(2);

    assertThat(silent.ended).isTrue();
    assertThat(stream().offer(offer()).resume()).isEqualTo(2 * CHUNK);
  }

  @Test
  void receiverSaysThatItIsThereAsLongAsItWaits() {
    Stream stream = stream().offer(offer());
    int before = stream.heard.size();
    for (int i = 0; i < 2 * STALL_TICKS; i++) {
      cluster.tick();
      stream.to.send(SnapshotUp.getDefaultInstance());
    }
    assertThat(stream.heard.size() - before).isBetween(4, 9);
    assertThat(stream.ended).isFalse();
  }

  @Test
  void partThatNobodyGoesOnWithIsDeletedAfterAWhile() {
    Stream cut = stream().offer(offer()).chunks(file, 0, 2 * CHUNK);
    cut.to.end("cut");
    cluster.settle();
    assertThat(filesHere()).hasSize(2);

    cluster.tick(
        (int) (TestNode.config().snapshots().keepPartNanos() / 1_000_000) / TestNode.TICK_MILLIS);
    assertThat(filesHere()).hasSize(2);
    cluster.tick(2);

    assertThat(filesHere()).isEmpty();
  }

  @Test
  void onlySoManyPartsAreKept() {
    for (int i = 0; i < 3 * AT_ONCE; i++) {
      String key = String.valueOf((char) ('b' + i));
      ShardDescriptor shard = Shards.of(9 + i, Shards.range(key, key + "x"), 7);
      cutOff(shard);
    }
    assertThat(filesHere().size()).isLessThanOrEqualTo(2 * 2 * AT_ONCE);
  }

  /** One that could come here if it were not cut off. */
  private void cutOff(ShardDescriptor shard) {
    PartialSnapshots partials = node.host().snapshotReceiver().partials();
    PartialSnapshot part = partials.take(offerOf(shard, file.size(), "x"));
    var out = node.disk().store().snapshots().create(part.file());
    out.append(file);
    out.sync();
    out.close();
    partials.write(part.durable(CHUNK));
    partials.keep(part.durable(CHUNK));
  }
}
