package io.flotilla.shard;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Mutation;
import io.flotilla.contract.v1.Request;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Requests a second that a leader takes, and a sample of their keys. Confined to the loop.
 *
 * <p>A rate follows what comes with a time constant of 15 s, so that it tells of the last half
 * minute. The sample is a reservoir that forgets at about the same pace. Counting allocates
 * nothing; a replica that is never asked has no reservoir.
 */
final class LoadMeter {
  static final int SAMPLES = 64;
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double TIME_CONSTANT_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final double SAMPLED_SECONDS = 30;
  private static final long MOST_COUNTED_SECONDS = 3_600;
  private static final ByteString[] NONE = {};

  private final RandomGenerator random;
  private ByteString[] samples = NONE;
  private int kept;

  /** Requests that the reservoir stands for, at most this many. */
  private int seen;

  private int mostSeen = SAMPLES;
  private long reads;
  private long writes;
  private double readRate;
  private double writeRate;
  private long begunNanos;
  private long sinceNanos;

  LoadMeter(RandomGenerator random, long nowNanos) {
    this.random = random;
    this.begunNanos = nowNanos;
    this.sinceNanos = nowNanos;
  }

  /** A request that is served here. */
  void count(Request request) {
    if (Keys.isRead(request)) {
      reads++;
    } else {
      writes++;
    }
    seen = Math.min(seen + 1, mostSeen);
    if (kept < SAMPLES) {
      if (samples.length == 0) {
        samples = new ByteString[SAMPLES];
      }
      samples[kept++] = key(request);
    } else {
      int place = random.nextInt(seen);
      if (place < SAMPLES) {
        samples[place] = key(request);
      }
    }
  }

  /** One key stands for all of a request; a scan is where it begins. */
  private ByteString key(Request request) {
    return switch (request.getOperationCase()) {
      case GET -> request.getGet().getKey();
      case MULTI_GET ->
          request.getMultiGet().getKeys(random.nextInt(request.getMultiGet().getKeysCount()));
      case SCAN -> request.getScan().getRange().getStart();
      case PUT -> request.getPut().getKey();
      case DELETE -> request.getDelete().getKey();
      case COMPARE_AND_SET -> request.getCompareAndSet().getKey();
      case INCREMENT -> request.getIncrement().getKey();
      case DELETE_RANGE -> request.getDeleteRange().getRange().getStart();
      case SETTLE_WRITE -> request.getSettleWrite().getKey();
      case BATCH -> batchKey(request.getBatch().getMutationsList());
      default -> ByteString.EMPTY;
    };
  }

  private ByteString batchKey(List<Mutation> mutations) {
    return mutations.isEmpty()
        ? ByteString.EMPTY
        : mutations.get(random.nextInt(mutations.size())).getKey();
  }

  void tick(long nowNanos) {
    long passed = nowNanos - sinceNanos;
    if (passed < PERIOD_NANOS) {
      return;
    }
    double weight = Math.min(1, passed / TIME_CONSTANT_NANOS);
    double seconds = passed / (double) TimeUnit.SECONDS.toNanos(1);
    readRate += weight * (reads / seconds - readRate);
    writeRate += weight * (writes / seconds - writeRate);
    reads = 0;
    writes = 0;
    sinceNanos = nowNanos;
    double sampled = SAMPLED_SECONDS * (readRate + writeRate);
    mostSeen = (int) Math.max(SAMPLES, Math.min(sampled, Integer.MAX_VALUE / 2));
  }

  /** What comes from now on is about something else. */
  void reset(long nowNanos) {
    samples = NONE;
    kept = 0;
    seen = 0;
    mostSeen = SAMPLES;
    reads = 0;
    writes = 0;
    readRate = 0;
    writeRate = 0;
    begunNanos = nowNanos;
    sinceNanos = nowNanos;
  }

  /** How long the rates have followed what comes, in seconds, at most an hour. */
  int countedSeconds() {
    return (int)
        Math.min(MOST_COUNTED_SECONDS, TimeUnit.NANOSECONDS.toSeconds(sinceNanos - begunNanos));
  }

  /**
   * The rate that one of this meter, which begins at nothing, stands for.
   *
   * @param seconds for which it has followed, from 1
   */
  static double unbiased(double rate, int seconds) {
    return rate / (1 - Math.exp(-TimeUnit.SECONDS.toNanos(seconds) / TIME_CONSTANT_NANOS));
  }

  double readsPerSecond() {
    return readRate;
  }

  double writesPerSecond() {
    return writeRate;
  }

  /** Keys of requests, in no order; at most {@link #SAMPLES}. */
  List<Payload> samples() {
    List<Payload> keys = new ArrayList<>(kept);
    for (int i = 0; i < kept; i++) {
      keys.add(Descriptors.payload(samples[i]));
    }
    return keys;
  }
}
