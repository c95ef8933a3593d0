package io.flotilla.router.access;

import java.util.Locale;

/** What a principal may do. */
public enum Role {
  /** Reads keys. */
  READER,
  /** Reads and writes keys. */
  WRITER,
  /** Sees nodes and shards, splits them, moves replicas and leaders; no keys. */
  OPERATOR,
  /** Everything. */
  ADMIN;

  /** Whether whoever has this role may do what another one may. */
  boolean includes(Role other) {
    return this == ADMIN || this == other || (this == WRITER && other == READER);
  }

  /** Whether the role is about keys, and so goes with a prefix. */
  public boolean hasScope() {
    return this == READER || this == WRITER;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
