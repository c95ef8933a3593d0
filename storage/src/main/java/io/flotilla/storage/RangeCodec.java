package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.List;

/** The byte form of tables and ranges, shared by snapshots and install markers. */
final class RangeCodec {

  private static final int DATA = 1;
  private static final int SESSIONS = 2;

  private RangeCodec() {}

  static int code(Table table) {
    switch (table) {
      case DATA:
        return DATA;
      case SESSIONS:
        return SESSIONS;
      default:
        throw new IllegalArgumentException("table " + table + " has no row ranges");
    }
  }

  static Table table(int code) {
    switch (code) {
      case DATA:
        return Table.DATA;
      case SESSIONS:
        return Table.SESSIONS;
      default:
        throw new StoreCorruptException("unknown table code " + code);
    }
  }

  static void put(ByteSink out, List<RowRange> ranges) {
    out.u32(ranges.size());
    for (RowRange range : ranges) {
      Payload to = range.to();
      out.u8(code(range.table())).blob(range.from()).u8(to == null ? 0 : 1);
      if (to != null) {
        out.blob(to);
      }
    }
  }

  static List<RowRange> get(ByteSource in) {
    int count = in.u32();
    List<RowRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Table table = table(in.u8());
      Payload from = in.blob();
      ranges.add(new RowRange(table, from, in.u8() == 0 ? null : in.blob()));
    }
    return ranges;
  }
}
