package io.flotilla.shard;

import io.flotilla.raft.Role;
import io.flotilla.raft.RoleChange;
import io.flotilla.storage.ReplicaKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log and the meter what a replica becomes. Confined to the loop. */
final class RoleNotes {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final ReplicaKey key;
  private final HostMeter meter;
  private Role before = Role.FOLLOWER;

  RoleNotes(ReplicaKey key, HostMeter meter) {
    this.key = key;
    this.meter = meter;
  }

  void changed(RoleChange change) {
    LOG.atDebug()
        .addKeyValue("shard", key.shardId())
        .addKeyValue("replica", key.replicaId())
        .addKeyValue("term", change.term())
        .log("is {}, leader {}", change.role(), change.leaderId());
    Role now = change.role();
    if (now == Role.CANDIDATE && before != Role.CANDIDATE) {
      meter.leading(HostMeter.Leading.CAMPAIGNED);
    }
    if (now == Role.LEADER && before != Role.LEADER) {
      meter.leading(HostMeter.Leading.GAINED);
    }
    if (now != Role.LEADER && before == Role.LEADER) {
      meter.leading(HostMeter.Leading.LOST);
    }
    before = now;
  }
}
