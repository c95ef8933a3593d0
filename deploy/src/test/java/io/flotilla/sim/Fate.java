package io.flotilla.sim;

/** What became of a node's disk. */
enum Fate {
  WELL,
  /** Its disk is another, empty one. It may start, and must be refused. */
  WIPED,
  /** Its disk has forgotten something. It may start, and must be refused. */
  ROLLED_BACK,
  /** It never starts again. */
  GONE;

  /** Whether the disk does not hold any more what it once promised. */
  boolean hasForgotten() {
    return this == WIPED || this == ROLLED_BACK;
  }
}
