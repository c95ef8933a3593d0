package io.flotilla.sim;

/**
 * The monotonic clock of one machine. Its origin means nothing, it runs fast or slow against the
 * world, and it stands still while a virtual machine is frozen (R22). It never goes back.
 */
final class SimClock {
  private final World world;
  private long worldThen;
  private long localThen;
  private double rate = 1;

  SimClock(World world, long origin) {
    this.world = world;
    this.worldThen = world.now();
    this.localThen = origin;
  }

  long nanos() {
    long passed = Math.max(0, world.now() - worldThen);
    return localThen + (long) (passed * rate);
  }

  /** From now on it runs so many times as fast as the world. */
  void rate(double times) {
    localThen = nanos();
    worldThen = Math.max(worldThen, world.now());
    rate = times;
  }

  /** It stands still for so long, and goes on as if nothing had been. */
  void freeze(long worldNanos) {
    localThen = nanos();
    worldThen = Math.max(worldThen, world.now() + worldNanos);
  }

  /** How long the world waits until so much has passed here, as things are now. */
  long worldNanos(long localNanos) {
    return Math.max(0, worldThen - world.now()) + (long) Math.ceil(Math.max(0, localNanos) / rate);
  }
}
