package io.flotilla.sim;

import io.flotilla.router.Router;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A client that makes one call after the other, through the router that the Java client uses. */
final class SimClient {
  /** Keys that are only added to, among the others. */
  static final List<String> COUNTERS = List.of("k0+", "k5+");

  private static final long LONGEST_PAUSE_NANOS = 30 * World.MILLIS;

  private final SimCaller caller;
  private final SplittableRandom random;
  private final SimReads reads;
  private final SimWrites writes;
  private boolean working = true;

  SimClient(
      int place,
      World world,
      SimNetwork network,
      SimCaller.Parts parts,
      List<String> keys,
      Supplier<Integer> nextProcess) {
    this.caller = new SimCaller(place, world, network, parts, keys, nextProcess);
    this.random = caller.random();
    this.reads = new SimReads(caller);
    this.writes = new SimWrites(caller, this::work);
  }

  Router router() {
    return caller.router();
  }

  /** No more calls after the one that is open. */
  void stop() {
    working = false;
  }

  boolean isIdle() {
    return !caller.isBusy() && !working;
  }

  void work() {
    caller.process().after(random.nextLong(LONGEST_PAUSE_NANOS), "think", this::next);
  }

  /** Reads one key and makes no other call then. */
  void readOnce(String key) {
    reads.read(key, true, () -> {});
  }

  private void next() {
    if (!working) {
      return;
    }
    String key = oneOf(caller.keys());
    switch (random.nextInt(17)) {
      case 0, 1, 2 -> reads.read(key, random.nextBoolean(), this::work);
      case 3 -> reads.readStale(key, this::work);
      case 4 -> writes.delete(key);
      case 5, 6 -> writes.compareAndSet(key);
      case 7 -> writes.putIfAbsent(key);
      case 8 -> reads.multiGet(this::work);
      case 9 -> reads.scan(this::work);
      case 10 -> writes.putTwo(key);
      case 11, 12 -> writes.increment(oneOf(COUNTERS));
      case 13 -> reads.read(oneOf(COUNTERS), random.nextBoolean(), this::work);
      default -> writes.put(key);
    }
  }

  private String oneOf(List<String> some) {
    return some.get(random.nextInt(some.size()));
  }
}
