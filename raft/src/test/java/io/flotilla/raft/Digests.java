package io.flotilla.raft;

import java.util.TreeMap;

/** The state after each index: one number, the same on every replica, or the test is over. */
final class Digests {
  private final TreeMap<Long, Long> byIndex = new TreeMap<>();

  static long next(long digest, Entry entry) {
    long mixed = digest * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ entry.term()) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ entry.index()) * 0x94D049BB133111EBL;
    return mixed ^ (31L * entry.payload().hashCode() + entry.type().ordinal()) ^ (mixed >>> 31);
  }

  void record(long replica, long index, long digest) {
    Long known = byIndex.putIfAbsent(index, digest);
    if (known != null && known != digest) {
      throw new AssertionError("replica " + replica + " has another state at index " + index);
    }
  }

  long at(long index) {
    Long digest = byIndex.get(index);
    return digest == null ? 0 : digest;
  }
}
