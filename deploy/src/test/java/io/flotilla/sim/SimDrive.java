package io.flotilla.sim;

/** How fast the disk of a node is, which changes over time. */
final class SimDrive {
  private final World world;
  private long longestNanos;
  private long stalledUntil;

  SimDrive(World world, long longestNanos) {
    this.world = world;
    this.longestNanos = longestNanos;
  }

  /** Longest time of one write now. */
  long longestNanos() {
    return longestNanos;
  }

  void longestNanos(long now) {
    longestNanos = now;
  }

  /** Nothing becomes durable for so long; then it goes on. */
  void stall(long nanos) {
    stalledUntil = Math.max(stalledUntil, world.now() + nanos);
  }

  /** How long it still stands. */
  long stalledNanos() {
    return Math.max(0, stalledUntil - world.now());
  }
}
