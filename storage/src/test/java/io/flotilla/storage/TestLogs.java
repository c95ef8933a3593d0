package io.flotilla.storage;

import io.flotilla.raft.Entry;
import io.flotilla.raft.Payload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries for tests. */
final class TestLogs {

  private TestLogs() {}

  static ReplicaKey key(long shard) {
    return new ReplicaKey(shard, shard * 10);
  }

  static Entry entry(long term, long index) {
    return new Entry(term, index, Entry.Type.DATA, Payload.utf8("t" + term + "i" + index));
  }

  static Entry entry(long term, long index, int bytes) {
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) (31 * term + index));
    return new Entry(term, index, Entry.Type.DATA, Payload.of(payload));
  }

  static List<Entry> entries(long term, long from, long to) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(entry(term, index));
    }
    return entries;
  }

  static List<Entry> all(ReplicaLog log) {
    return log.entries(log.firstIndex(), log.lastIndex() + 1, Long.MAX_VALUE);
  }
}
