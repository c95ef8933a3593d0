package io.flotilla.shard;

import io.flotilla.storage.ReplicaKey;
import org.slf4j.spi.LoggingEventBuilder;

/** What events of the log are about, as fields of their own. */
final class Logs {
  private Logs() {}

  static LoggingEventBuilder about(ReplicaKey replica, LoggingEventBuilder event) {
    return event
        .addKeyValue("shard", replica.shardId())
        .addKeyValue("replica", replica.replicaId());
  }
}
