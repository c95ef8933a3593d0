package io.flotilla.storage;

import io.flotilla.raft.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of journal records. A code never changes its meaning.
 *
 * <p>An entry drops all entries of its replica at or above its index, then takes its place. A moved
 * entry is a copy of a record from the old end: it takes its place and drops nothing.
 */
enum RecordKind {
  DATA(1, Entry.Type.DATA, false),
  MEMBERSHIP(2, Entry.Type.MEMBERSHIP, false),
  NOOP(3, Entry.Type.NOOP, false),
  MOVED_DATA(4, Entry.Type.DATA, true),
  MOVED_MEMBERSHIP(5, Entry.Type.MEMBERSHIP, true),
  MOVED_NOOP(6, Entry.Type.NOOP, true),
  HARD_STATE(7, null, false),
  /** The log is empty and starts after the index. */
  RESET(8, null, false),
  /** Entries up to the index are gone; later ones stay. */
  COMPACT(9, null, false),
  /** Log and hard state are gone. */
  REMOVE(10, null, false);

  private static final RecordKind[] BY_CODE = byCode();

  private final byte code;
  private final Entry.@Nullable Type type;
  private final boolean moved;

  RecordKind(int code, Entry.@Nullable Type type, boolean moved) {
    this.code = (byte) code;
    this.type = type;
    this.moved = moved;
  }

  byte code() {
    return code;
  }

  boolean isEntry() {
    return type != null;
  }

  boolean isMoved() {
    return moved;
  }

  Entry.Type entryType() {
    if (type == null) {
      throw new IllegalStateException(this + " is not an entry");
    }
    return type;
  }

  static RecordKind ofEntry(Entry.Type type, boolean moved) {
    switch (type) {
      case DATA:
        return moved ? MOVED_DATA : DATA;
      case MEMBERSHIP:
        return moved ? MOVED_MEMBERSHIP : MEMBERSHIP;
      default:
        return moved ? MOVED_NOOP : NOOP;
    }
  }

  static RecordKind ofCode(byte code, long blockSeq, int offset) {
    if (code < 1 || code >= BY_CODE.length) {
      throw RecordCodec.corrupt(blockSeq, offset, "unknown record kind " + code);
    }
    return BY_CODE[code];
  }

  private static RecordKind[] byCode() {
    RecordKind[] table = new RecordKind[values().length + 1];
    table[0] = DATA;
    for (RecordKind kind : values()) {
      table[kind.code] = kind;
    }
    return table;
  }
}
