package io.flotilla.shard;

import io.flotilla.internal.v1.SnapshotAsk;
import io.flotilla.internal.v1.SnapshotChunk;
import io.flotilla.internal.v1.SnapshotDown;
import io.flotilla.internal.v1.SnapshotUp;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.transport.SnapshotPipe;
import io.flotilla.storage.StoreException;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One snapshot on its way out: ask, make the file, offer it, send what the other side lacks, hear
 * the result. Memory holds what is sent and not confirmed, at most a window. On the snapshots'
 * worker, but for {@link #send} and {@link #end}, which the network calls.
 */
final class OutgoingSnapshot implements SnapshotPipe<SnapshotDown> {
  private static final Logger LOG = LoggerFactory.getLogger(OutgoingSnapshot.class);

  /** Between two lines in the log about one transfer. */
  private static final long REPORT_NANOS = 10_000_000_000L;

  private final Replica replica;
  private final long nodeId;
  private final Message.InstallSnapshot wish;
  private final HostParts parts;
  private final SnapshotSender sender;
  private @Nullable SnapshotPipe<SnapshotUp> to;
  private SnapshotExports.@Nullable Lease lease;
  private @Nullable SnapshotExport export;
  private boolean asked;
  private boolean flows;
  private boolean ended;
  private long resumedAt;
  private long sent;
  private long confirmed;
  private long began;
  private long heardAt;
  private long movedAt;
  private long saidAt;
  private long flowsSince;
  private long reportedAt;

  /** A snapshot for a replica on another node. */
  OutgoingSnapshot(
      Replica replica,
      long nodeId,
      Message.InstallSnapshot wish,
      HostParts parts,
      SnapshotSender sender) {
    this.replica = replica;
    this.nodeId = nodeId;
    this.wish = wish;
    this.parts = parts;
    this.sender = sender;
  }

  void start() {
    began = now();
    heardAt = began;
    Optional<SnapshotPipe<SnapshotUp>> stream = parts.transport().openSnapshot(nodeId, this);
    if (stream.isEmpty()) {
      over(false, "the node is not known");
      return;
    }
    to = stream.get();
    say(
        SnapshotUp.newBuilder()
            .setAsk(SnapshotAsk.newBuilder().setShardId(replica.shardId()).setToReplica(wish.to()))
            .build());
  }

  @Override
  public void send(SnapshotDown word) {
    parts.snapshotWorker().execute(() -> guarded(() -> heard(word)));
  }

  @Override
  public void end(String reason) {
    parts.snapshotWorker().execute(() -> over(false, reason));
  }

  private void heard(SnapshotDown word) {
    heardAt = now();
    switch (word.getWordCase()) {
      case GO -> makeFile();
      case RESUME -> begin(word.getResume().getOffset());
      case PROGRESS -> {
        if (word.getProgress().getBytes() > confirmed) {
          movedAt = heardAt;
          confirmed = Math.min(sent, word.getProgress().getBytes());
        }
        pump();
      }
      case RESULT -> {
        if (!word.getResult().getAccepted()) {
          sender.refused(wish.to());
        }
        over(word.getResult().getAccepted(), word.getResult().getReason());
      }
      case WORD_NOT_SET -> throw new IllegalArgumentException("the receiver said nothing");
    }
  }

  private void makeFile() {
    if (asked) {
      throw new IllegalArgumentException("the receiver said twice that it is ready");
    }
    asked = true;
    var unused = sender.exports().acquire(replica, wish).thenAccept(this::acquired);
  }

  private void acquired(SnapshotExports.Lease got) {
    if (ended) {
      sender.exports().release(got, false);
      return;
    }
    lease = got;
    var unused =
        got.file()
            .whenComplete(
                (made, failure) ->
                    parts.snapshotWorker().execute(() -> guarded(() -> offer(made, failure))));
  }

  private void offer(@Nullable SnapshotExport made, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (made == null) {
      over(false, "the file could not be made: " + (failure == null ? "" : failure.getMessage()));
      return;
    }
    export = made;
    say(SnapshotUp.newBuilder().setHeader(made.offer(wish).toProto()).build());
  }

  private void begin(long offset) {
    SnapshotExport made = export;
    if (made == null || flows || offset < 0 || offset > made.bytes()) {
      throw new IllegalArgumentException("the receiver wants to go on at byte " + offset);
    }
    flows = true;
    resumedAt = offset;
    sent = offset;
    confirmed = offset;
    movedAt = now();
    flowsSince = movedAt;
    reportedAt = movedAt;
    about(LOG.atInfo())
        .log(
            "sends a snapshot at index {} to node {}, bytes {} to {}",
            made.at().index(),
            nodeId,
            offset,
            made.bytes());
    pump();
  }

  /** Sends what the window and the rate let through; more with the next word or tick. */
  void pump() {
    SnapshotExport made = export;
    if (!flows || ended || made == null) {
      return;
    }
    SnapshotConfig config = parts.config().snapshots();
    while (sent < made.bytes()
        && sent - confirmed < config.windowBytes()
        && sender.bucket().isOpen()) {
      Payload bytes = parts.store().snapshots().read(made.file(), sent, config.chunkBytes());
      if (bytes.isEmpty()) {
        throw new StoreException(made.file() + " ends at byte " + sent);
      }
      if (confirmed == sent) {
        movedAt = now(); // it stood still because of the rate
      }
      sender.bucket().take(bytes.size());
      parts.meter().snapshotBytes(HostMeter.Direction.SENT, bytes.size());
      say(SnapshotUp.newBuilder().setChunk(chunk(sent, bytes)).build());
      sent += bytes.size();
    }
  }

  private static SnapshotChunk chunk(long offset, Payload bytes) {
    return SnapshotChunk.newBuilder()
        .setOffset(offset)
        .setData(Descriptors.bytes(bytes))
        .setCrc32C(crc(bytes))
        .build();
  }

  static int crc(Payload bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asReadOnlyByteBuffer());
    return (int) crc.getValue();
  }

  private void say(SnapshotUp word) {
    SnapshotPipe<SnapshotUp> stream = to;
    if (stream != null) {
      saidAt = now();
      stream.send(word);
    }
  }

  /** Goes on where the rate was the bound; ends what does not move any more. */
  void tick() {
    guarded(
        () -> {
          long limit = parts.config().snapshots().stallNanos();
          long now = now();
          boolean stuck = flows && confirmed < sent && now - movedAt > limit;
          if (now - heardAt > limit || stuck) {
            over(false, "nothing has moved for " + limit / 1_000_000 + " ms");
            return;
          }
          pump();
          report(now);
          if (!ended && now - saidAt > limit / 4) {
            say(SnapshotUp.getDefaultInstance());
          }
        });
  }

  /** For whoever waits for a long one. */
  private void report(long now) {
    if (flows && export != null && now - reportedAt > REPORT_NANOS) {
      reportedAt = now;
      about(LOG.atInfo())
          .log(
              "node {} has {} of {} bytes of its snapshot, {} KiB/s",
              nodeId,
              confirmed,
              export.bytes(),
              (confirmed - resumedAt)
                  / 1_024
                  * 1_000
                  / Math.max(1, (now - flowsSince) / 1_000_000));
    }
  }

  private void guarded(Runnable action) {
    if (ended) {
      return;
    }
    try {
      action.run();
    } catch (StoreException | IllegalArgumentException | IllegalStateException e) {
      over(false, String.valueOf(e.getMessage()));
    }
  }

  private void over(boolean arrived, String reason) {
    if (ended) {
      return;
    }
    ended = true;
    if (to != null) {
      to.end(arrived ? "" : reason.isEmpty() ? "given up" : reason);
    }
    if (lease != null) {
      sender.exports().release(lease, arrived);
    }
    if (arrived || flows) {
      parts.meter().snapshotEnded(HostMeter.Direction.SENT, arrived);
      about(LOG.atInfo())
          .log(
              "the snapshot for node {} {} after {} ms, {} bytes sent{}",
              nodeId,
              arrived ? "arrived" : "was cut off",
              (now() - began) / 1_000_000,
              sent - resumedAt,
              arrived ? "" : ": " + reason);
    } else {
      about(LOG.atDebug()).log("no snapshot for node {}: {}", nodeId, reason);
    }
    sender.ended(this, replica, wish.to(), arrived);
  }

  private LoggingEventBuilder about(LoggingEventBuilder event) {
    return Logs.about(replica.key(), event).addKeyValue("term", wish.term());
  }

  private long now() {
    return parts.clock().nanos();
  }
}
