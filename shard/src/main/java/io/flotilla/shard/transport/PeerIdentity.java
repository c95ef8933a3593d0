package io.flotilla.shard.transport;

import io.flotilla.internal.v1.Handshake;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.Descriptors;
import java.util.Optional;

/**
 * Who this node is to the others.
 *
 * @param clusterId its cluster, 16 bytes
 * @param nodeId its id there
 * @param storeId identity of its data directory
 * @param lives what is known of this life and those of others
 */
public record PeerIdentity(Payload clusterId, long nodeId, Payload storeId, PeerLives lives) {
  private static final int PROTOCOL_VERSION = 1;

  /** The first word on a stream to a node. */
  public Handshake handshake(long toNodeId) {
    Handshake.Builder handshake = Handshake.newBuilder();
    lives.introduce(handshake, toNodeId);
    return handshake
        .setClusterId(Descriptors.bytes(clusterId))
        .setFromNodeId(nodeId)
        .setFromStoreId(Descriptors.bytes(storeId))
        .setToNodeId(toNodeId)
        .setProtocolVersion(PROTOCOL_VERSION)
        .build();
  }

  /** Why a handshake is not for this node; empty: welcome. */
  public Optional<String> fault(Handshake theirs) {
    if (theirs.getProtocolVersion() != PROTOCOL_VERSION) {
      return Optional.of(
          "this node speaks protocol "
              + PROTOCOL_VERSION
              + ", not "
              + Integer.toUnsignedString(theirs.getProtocolVersion()));
    }
    if (!Descriptors.payload(theirs.getClusterId()).equals(clusterId)) {
      return Optional.of("this node belongs to another cluster; check the addresses");
    }
    if (theirs.getToNodeId() != nodeId) {
      return Optional.of("this is node " + nodeId + ", not node " + theirs.getToNodeId());
    }
    return lives.endsBefore(theirs)
        ? Optional.of("this node's store has forgotten something, and it does not go on")
        : Optional.empty();
  }
}
