package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import io.flotilla.shard.descriptor.ShardDescriptor;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.SimFiles;
import io.flotilla.storage.StoreFiles;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerSnapshotTest {
  private static final String FILE = "out-2-22-1";
  private static final int MIB = 1 << 20;

  private final Peer one = new Peer(1);
  private final Peer two = new Peer(2).listen();
  private final SimFiles files = new SimFiles();
  private final Payload content = content(5 * MIB + 77);
  private final Intake intake = new Intake();
  private final AtomicReference<SnapshotOffer> offered = new AtomicReference<>();

  /** Takes a file in, or does not. */
  private static final class Intake implements SnapshotIntake {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final CompletableFuture<Boolean> finished = new CompletableFuture<>();
    final CompletableFuture<Integer> midway = new CompletableFuture<>();
    volatile String answer = "";
    volatile int failAfter = Integer.MAX_VALUE;
    volatile int holdAfter = Integer.MAX_VALUE;
    final CompletableFuture<Void> goOn = new CompletableFuture<>();

    @Override
    public void append(Payload chunk) {
      bytes.writeBytes(chunk.toByteArray());
      if (bytes.size() >= failAfter) {
        throw new IllegalStateException("the disk is full");
      }
      if (bytes.size() >= holdAfter) {
        midway.complete(bytes.size());
        goOn.join();
      }
    }

    @Override
    public CompletableFuture<String> finish() {
      finished.complete(true);
      return CompletableFuture.completedFuture(answer);
    }

    @Override
    public void abort() {
      finished.complete(false);
    }
  }

  private static Payload content(int bytes) {
    byte[] random = new byte[bytes];
    new SplittableRandom(3).nextBytes(random);
    return Payload.of(random);
  }

  private static <T> T soon(CompletableFuture<T> future) {
    return future.orTimeout(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  private SnapshotOffer offer() {
    ShardDescriptor shard = Shards.of(2, Shards.range("a", "m"), 1, 2, 3);
    SnapshotMetadata at = new SnapshotMetadata(1L << 40, 7, shard.membership());
    return new SnapshotOffer(shard, new Message.InstallSnapshot(21, 22, 8, at), content.size());
  }

  private CompletableFuture<Boolean> send(StoreFiles from) {
    return one.transport.sendSnapshot(2, offer(), from, FILE);
  }

  @BeforeEach
  void connect() {
    files.replace(FILE, content);
    two.onSnapshot =
        offer -> {
          offered.set(offer);
          return Optional.of(intake);
        };
    one.transport.updateNodes(Map.of(2L, two.address()));
  }

  @AfterEach
  void close() {
    intake.goOn.complete(null);
    one.close();
    two.close();
  }

  @Test
  void arrivesByteForByte() {
    assertThat(soon(send(files))).isTrue();

    assertThat(offered.get()).isEqualTo(offer());
    assertThat(soon(intake.finished)).isTrue();
    assertThat(Payload.of(intake.bytes.toByteArray())).isEqualTo(content);
  }

  @Test
  void receiverThatDoesNotWantItSaysSo() {
    two.onSnapshot = offer -> Optional.empty();

    assertThat(soon(send(files))).isFalse();
    assertThat(intake.bytes.size()).isZero();
  }

  @Test
  void receiverMayRefuseTheWholeFile() {
    intake.answer = "not sound";

    assertThat(soon(send(files))).isFalse();
    assertThat(soon(intake.finished)).isTrue();
  }

  @Test
  void receiverWhoseDiskFailsAborts() {
    intake.failAfter = 2 * MIB;

    assertThat(soon(send(files))).isFalse();
    assertThat(soon(intake.finished)).isFalse();
  }

  @Test
  void receiverThatDiesLeavesTheSenderWithAnAnswer() throws InterruptedException {
    intake.holdAfter = MIB;
    CompletableFuture<Boolean> sent = send(files);
    soon(intake.midway);
    assertThat(sent).isNotDone();
    intake.goOn.complete(null);
    intake.failAfter = intake.bytes.size();

    two.stopListening();

    assertThat(soon(sent)).isFalse();
  }

  @Test
  void senderThatDiesLeavesTheReceiverWithAnAbort() {
    intake.holdAfter = MIB;
    CompletableFuture<Boolean> sent = send(files);
    soon(intake.midway);

    one.transport.close();
    intake.goOn.complete(null);

    assertThat(soon(sent)).isFalse();
    assertThat(soon(intake.finished)).isFalse();
  }

  @Test
  void fileThatCannotBeReadToItsEndIsCutOffOnBothSides() {
    StoreFiles broken = new BrokenFiles(files, 2 * MIB);

    assertThat(soon(send(broken))).isFalse();
    assertThat(soon(intake.finished)).isFalse();
  }

  @Test
  void nodeThatIsNotKnownGetsNothing() {
    assertThat(soon(one.transport.sendSnapshot(9, offer(), files, FILE))).isFalse();
  }
}
