package io.flotilla.storage;

import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** The logs of all replicas of a node. Any thread. */
final class LogTable {

  private final ConcurrentHashMap<ReplicaKey, ReplicaLog> logs = new ConcurrentHashMap<>();
  private final EntryReader reader;

  LogTable(EntryReader reader) {
    this.reader = reader;
  }

  ReplicaLog of(ReplicaKey replica) {
    ReplicaLog log = logs.get(replica);
    return log != null
        ? log
        : logs.computeIfAbsent(replica, absent -> new ReplicaLog(absent, reader));
  }

  void remove(ReplicaLog log, JournalBooks books) {
    log.publishRemoval(books);
    logs.remove(log.replica(), log);
  }

  SortedSet<ReplicaKey> durable() {
    TreeSet<ReplicaKey> keys = new TreeSet<>();
    logs.forEach(
        (key, log) -> {
          if (log.isDurable()) {
            keys.add(key);
          }
        });
    return keys;
  }

  void checkComplete() {
    logs.values().forEach(ReplicaLog::checkComplete);
  }
}
