package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.SplitKeysReply;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import io.flotilla.shard.kv.Boundaries;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.SizeScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much a shard holds and where it would be cut, measured by its leader. Confined to the loop.
 *
 * <p>A measurement is a pass over the rows in slices, within what the loop allows in a tick. The
 * next one is due when what was written since the last could have changed it by half, so that the
 * cost is in proportion to what is written; after each there is a rest as long as it took. What a
 * measurement of another range or of other rows found is forgotten.
 */
final class SizeMeter {
  /** So many bytes written are not worth a pass, whatever the size. */
  private static final long WORTH_A_PASS = 64 << 10;

  /** After so long, anything written is: deletions are small and may have removed much. */
  private static final long OLD_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** What is wanted of a measurement that somebody waits for: an eighth may have changed. */
  private static final int GOOD_ENOUGH = 8;

  private final Replica replica;
  private final HostParts parts;
  private final long worthAPass;
  private @Nullable SizeScan scan;
  private @Nullable Boundaries measured;

  /** The shard's range version at the last measurement and at the one under way. */
  private long rangeVersion;

  /** Bytes applied since the last measurement began; the size did not change by more. */
  private long written;

  private long writtenBefore;
  private long begunNanos;
  private long endedNanos;

  /** Calls that wait for the measurement under way, and for the one after it. */
  private List<Call> served = new ArrayList<>();

  private List<Call> waiting = new ArrayList<>();

  SizeMeter(Replica replica, HostParts parts) {
    this.replica = replica;
    this.parts = parts;
    long splitBytes = parts.config().scheduler().splits().bytes();
    this.worthAPass =
        splitBytes == 0 ? WORTH_A_PASS : Math.min(WORTH_A_PASS, Math.max(1, splitBytes / 4));
  }

  /** An entry with so many bytes was applied. */
  void written(long bytes) {
    written += bytes;
  }

  /** Other rows took the place of these. */
  void forget() {
    scan = null;
    measured = null;
    waiting.addAll(served);
    served = new ArrayList<>();
  }

  void tick() {
    long now = parts.clock().nanos();
    expire(now);
    if (!replica.isLeader()) {
      leaveIt();
      return;
    }
    if (rangeVersion != replica.descriptor().epoch().rangeVersion()) {
      forget();
      rangeVersion = replica.descriptor().epoch().rangeVersion();
    }
    if (replica.applier().isAtBarrier()) {
      return;
    }
    if (scan == null && isDue(now)) {
      begin(now);
    }
    if (scan != null && scan.slice(replica.rows(), replica.loop().scanBudget())) {
      end(scan.found(), now);
    }
  }

  private void expire(long now) {
    served.removeIf(call -> expire(call, now));
    waiting.removeIf(call -> expire(call, now));
  }

  private boolean expire(Call call, long now) {
    boolean late = call.isExpired(now);
    if (late) {
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,
              "shard " + replica.shardId() + " is still being measured: try again"));
    }
    return late;
  }

  /** It is for another to measure. */
  private void leaveIt() {
    if (scan != null || measured != null || !waiting.isEmpty()) {
      forget();
      waiting.forEach(call -> call.reply(replica.notLeader()));
      waiting = new ArrayList<>();
    }
  }

  private boolean isDue(long now) {
    if (measured == null || !waiting.isEmpty()) {
      return true;
    }
    boolean much = written > Math.max(worthAPass, measured.bytes() / 2);
    boolean rested = now - endedNanos >= endedNanos - begunNanos;
    return (much && rested) || (written > 0 && now - endedNanos >= OLD_NANOS);
  }

  private void begin(long now) {
    scan = new SizeScan(replica.descriptor());
    served = waiting;
    waiting = new ArrayList<>();
    writtenBefore = written;
    begunNanos = now;
  }

  private void end(Boundaries found, long now) {
    measured = found;
    scan = null;
    written -= writtenBefore;
    endedNanos = now;
    served.forEach(call -> answer(call, found));
    served = new ArrayList<>();
    if (isGoodEnough(found)) {
      waiting.forEach(call -> answer(call, found));
      waiting = new ArrayList<>();
    }
  }

  private boolean isGoodEnough(Boundaries found) {
    return written * GOOD_ENOUGH <= found.bytes();
  }

  /** Where to cut the shard into parts; measures it anew if too much was written meanwhile. */
  void splitKeys(Call call) {
    boolean current = rangeVersion == replica.descriptor().epoch().rangeVersion();
    if (!replica.isLeader()) {
      call.reply(replica.notLeader());
    } else if (replica.descriptor().isSystem()) {
      call.reply(Failures.invalid("the system shard is not split"));
    } else if (measured != null && current && isGoodEnough(measured)) {
      answer(call, measured);
    } else {
      replica.callers().track(call);
      waiting.add(call);
    }
  }

  private static void answer(Call call, Boundaries found) {
    SplitKeysReply.Builder keys = SplitKeysReply.newBuilder().setBytes(found.bytes());
    for (Payload key : found.cuts(call.request().getSplitKeys().getParts())) {
      keys.addKeys(Descriptors.bytes(key));
    }
    call.reply(Reply.newBuilder().setSplitKeys(keys).build());
  }

  /** What was found of the rows that are here now; empty until it is measured. */
  Optional<Boundaries> measured() {
    boolean current = rangeVersion == replica.descriptor().epoch().rangeVersion();
    return current ? Optional.ofNullable(measured) : Optional.empty();
  }
}
