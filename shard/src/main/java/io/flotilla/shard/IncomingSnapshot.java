package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotGo;
import io.flotilla.internal.v1.SnapshotProgress;
import io.flotilla.internal.v1.SnapshotResult;
import io.flotilla.internal.v1.SnapshotResume;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.transport.SnapshotOffer;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.storage.ReplicaKey;
import io.flotilla.storage.SnapshotInfo;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreFiles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One snapshot on its way in. On the snapshots' worker, but for {@link #send} and {@link #end},
 * which the network calls.
 *
 * <p>What is confirmed need not be durable; what is said at the begin of the next stream is.
 */
final class IncomingSnapshot implements SnapshotPipe<SnapshotUp> {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingSnapshot.class);

  /** Where a transfer is. */
  private enum Phase {
    /** Nothing was asked. */
    NEW,
    /** The other side makes the file. */
    AWAITED,
    COMING,
    /** The file is whole: it is read once more, and goes to its replica. */
    CHECKED,
    ENDED
  }

  private final SnapshotPipe<SnapshotDown> answers;
  private final HostParts parts;
  private final SnapshotReceiver receiver;
  private Phase phase = Phase.NEW;
  private @Nullable ReplicaKey replica;
  private @Nullable SnapshotOffer offer;
  private @Nullable PartialSnapshot part;
  private StoreFiles.@Nullable Appender out;
  private boolean reserved;
  private long received;
  private long confirmed;
  private long heardAt;
  private long saidAt;

  /** A stream on which nothing was said yet. */
  IncomingSnapshot(SnapshotPipe<SnapshotDown> answers, HostParts parts, SnapshotReceiver receiver) {
    this.answers = answers;
    this.parts = parts;
    this.receiver = receiver;
  }

  @Override
  public void send(SnapshotUp word) {
    parts.snapshotWorker().execute(() -> guarded(() -> heard(word)));
  }

  @Override
  public void end(String reason) {
    parts.snapshotWorker().execute(() -> cutOff(reason));
  }

  private void heard(SnapshotUp word) {
    heardAt = parts.clock().nanos();
    switch (word.getWordCase()) {
      case ASK -> asked(new ReplicaKey(word.getAsk().getShardId(), word.getAsk().getToReplica()));
      case HEADER -> offered(SnapshotOffer.fromProto(word.getHeader()));
      case CHUNK -> came(word.getChunk());
      case WORD_NOT_SET -> {}
    }
  }

  private void asked(ReplicaKey whom) {
    require(phase == Phase.NEW, "the sender asks twice");
    String refusal = receiver.begin(this, whom);
    if (!refusal.isEmpty()) {
      result(refusal);
      return;
    }
    replica = whom;
    phase = Phase.AWAITED;
    say(SnapshotDown.newBuilder().setGo(SnapshotGo.getDefaultInstance()).build());
  }

  private void offered(SnapshotOffer offered) {
    ReplicaKey whom = new ReplicaKey(offered.shard().shardId(), offered.message().to());
    require(
        phase == Phase.AWAITED && whom.equals(replica), "the sender offers what it did not ask");
    String refusal = receiver.admit(offered);
    if (!refusal.isEmpty()) {
      result(refusal);
      return;
    }
    offer = offered;
    reserved = receiver.host().replica(whom.shardId()).isEmpty();
    phase = Phase.COMING;
    PartialSnapshot known = receiver.partials().take(offered);
    part = known;
    received = known.durableBytes();
    confirmed = received;
    StoreFiles files = parts.store().snapshots();
    out = received > 0 ? files.resume(known.file(), received) : files.create(known.file());
    if (received > 0) {
      log(LOG.atInfo(), whom)
          .log("goes on with a snapshot at byte {} of {}", received, offered.totalBytes());
    }
    say(
        SnapshotDown.newBuilder()
            .setResume(SnapshotResume.newBuilder().setOffset(received))
            .build());
    checkIfWhole();
  }

  private void came(SnapshotChunk chunk) {
    require(phase == Phase.COMING, "bytes of a snapshot that was not agreed on");
    Payload bytes = Descriptors.payload(chunk.getData());
    require(
        chunk.getOffset() == received,
        "byte " + received + " was to come next, not " + chunk.getOffset());
    require(
        !bytes.isEmpty() && bytes.size() <= total() - received,
        "the snapshot is longer than announced");
    require(OutgoingSnapshot.crc(bytes) == chunk.getCrc32C(), "bytes were changed on the way");
    Objects.requireNonNull(out).append(bytes);
    received += bytes.size();
    receiver.bucket().take(bytes.size());
    parts.meter().snapshotBytes(HostMeter.Direction.RECEIVED, bytes.size());
    PartialSnapshot known = Objects.requireNonNull(part);
    if (received - known.durableBytes() >= parts.config().snapshots().syncBytes(total())) {
      sync();
    }
    confirm();
    checkIfWhole();
  }

  /** First the bytes, then the record that speaks of them. */
  private void sync() {
    Objects.requireNonNull(out).sync();
    PartialSnapshot known = Objects.requireNonNull(part).durable(received);
    receiver.partials().write(known);
    part = known;
  }

  /** More may come if the rate allows it; else the next tick says so. */
  private void confirm() {
    if (phase == Phase.COMING && confirmed < received && receiver.bucket().isOpen()) {
      confirmed = received;
      progress();
    }
  }

  private void progress() {
    say(
        SnapshotDown.newBuilder()
            .setProgress(SnapshotProgress.newBuilder().setBytes(confirmed))
            .build());
  }

  private void checkIfWhole() {
    if (received < total()) {
      return;
    }
    if (Objects.requireNonNull(part).durableBytes() < received) {
      sync();
    }
    phase = Phase.CHECKED;
    confirmed = received;
    progress();
    close();
    var unused =
        parts
            .store()
            .state()
            .verify(Objects.requireNonNull(part).file())
            .whenComplete(
                (info, failure) ->
                    parts.snapshotWorker().execute(() -> guarded(() -> checked(info, failure))));
  }

  private void checked(@Nullable SnapshotInfo info, @Nullable Throwable failure) {
    if (info == null) {
      unsound("the file is not sound: " + (failure == null ? "" : failure.getMessage()));
      return;
    }
    SnapshotOffer offered = Objects.requireNonNull(offer);
    StagedSnapshot staged = StagedSnapshot.of(info, offered.message());
    if (!info.sha256().equals(offered.sha256()) || !staged.isOf(offered.shard())) {
      unsound("the file is of another snapshot");
      return;
    }
    log(LOG.atInfo(), new ReplicaKey(offered.shard().shardId(), offered.message().to()))
        .addKeyValue("term", offered.message().term())
        .log(
            "received a snapshot at index {} with {} rows",
            offered.message().snapshot().index(),
            info.rows());
    if (reserved) {
      taken();
      receiver.host().installNew(staged);
      return;
    }
    Replica here = receiver.host().replica(offered.shard().shardId()).orElse(null);
    if (here == null) {
      result("the replica was removed");
      return;
    }
    here.loop()
        .enqueue(
            () -> {
              String reason = here.receiveSnapshot(staged);
              parts
                  .snapshotWorker()
                  .execute(
                      () -> {
                        if (reason.isEmpty()) {
                          taken();
                        } else {
                          result(reason); // the file is whole: the next try finds it here
                        }
                      });
            });
  }

  private void unsound(String reason) {
    log(LOG.atWarn(), replica).log("{}", reason);
    receiver.partials().discard(Objects.requireNonNull(part));
    part = null;
    result(reason);
  }

  /** The file belongs to the replica from now on. */
  private void taken() {
    if (phase != Phase.ENDED) {
      receiver.partials().forget(Objects.requireNonNull(part));
      part = null;
      reserved = false;
      result("");
    }
  }

  /** Says how it ended. */
  private void result(String reason) {
    if (phase != Phase.ENDED) {
      say(
          SnapshotDown.newBuilder()
              .setResult(
                  SnapshotResult.newBuilder().setAccepted(reason.isEmpty()).setReason(reason))
              .build());
      over(reason);
    }
  }

  /** A new stream for the same replica: the old one is dead, if it is not past all that. */
  boolean giveWay() {
    if (phase == Phase.CHECKED) {
      return false;
    }
    cutOff("the sender came again");
    return true;
  }

  private void cutOff(String reason) {
    // What was checked does not need the sender any more.
    if (phase != Phase.CHECKED) {
      over(reason);
    }
  }

  private void over(String reason) {
    if (phase == Phase.ENDED) {
      return;
    }
    boolean coming = phase == Phase.COMING;
    if (coming || phase == Phase.CHECKED) {
      parts.meter().snapshotEnded(HostMeter.Direction.RECEIVED, reason.isEmpty());
    }
    phase = Phase.ENDED;
    if (coming) {
      log(LOG.atInfo(), replica).log("a snapshot was cut off at byte {}: {}", received, reason);
    }
    keepWhatIsHere(coming);
    if (reserved) {
      reserved = false;
      receiver.host().ranges().release(Objects.requireNonNull(offer).shard().shardId());
    }
    if (replica != null) {
      receiver.ended(replica, this);
    }
    answers.end(reason);
  }

  /** The next try goes on from the last byte that is durable; after a failure of the disk, none. */
  private void keepWhatIsHere(boolean coming) {
    PartialSnapshot known = part;
    if (known == null) {
      return;
    }
    try {
      if (coming && out != null && received > known.durableBytes()) {
        sync();
      }
      close();
      receiver.partials().keep(Objects.requireNonNull(part));
    } catch (StoreException e) {
      log(LOG.atWarn(), replica).setCause(e).log("what came of a snapshot is lost");
      receiver.partials().discard(known);
    }
    part = null;
  }

  private void close() {
    if (out != null) {
      StoreFiles.Appender closing = out;
      out = null;
      closing.close();
    }
  }

  void tick() {
    guarded(
        () -> {
          long now = parts.clock().nanos();
          long limit = parts.config().snapshots().stallNanos();
          if (now - heardAt > limit) {
            cutOff("nothing was heard for " + limit / 1_000_000 + " ms");
            if (phase == Phase.ENDED) {
              return;
            }
          }
          confirm();
          if (now - saidAt > limit / 4) {
            progress();
          }
        });
  }

  /** Bytes of an agreed file that are not on the disk yet. */
  long bytesToCome() {
    return phase == Phase.COMING ? total() - received : 0;
  }

  private long total() {
    return Objects.requireNonNull(offer).totalBytes();
  }

  private void say(SnapshotDown word) {
    saidAt = parts.clock().nanos();
    answers.send(word);
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }

  private void guarded(Runnable action) {
    if (phase == Phase.ENDED) {
      return;
    }
    try {
      action.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (phase == Phase.CHECKED) {
        unsound(String.valueOf(e.getMessage()));
      } else {
        result(String.valueOf(e.getMessage()));
      }
    } catch (StoreException e) {
      // Nobody knows what the file holds after that: it starts over.
      log(LOG.atWarn(), replica).setCause(e).log("a snapshot could not be written");
      if (part != null) {
        close(part);
      }
      result(String.valueOf(e.getMessage()));
    }
  }

  private void close(PartialSnapshot broken) {
    try {
      close();
    } catch (StoreException e) {
      LOG.warn("{} could not be closed", broken.file(), e);
    }
    receiver.partials().discard(broken);
    part = null;
  }

  private static LoggingEventBuilder log(LoggingEventBuilder event, @Nullable ReplicaKey whom) {
    return whom == null ? event : Logs.about(whom, event);
  }
}
