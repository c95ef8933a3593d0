package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.internal.v1.Handshake;
import io.flotilla.raft.Payload;
import org.junit.jupiter.api.Test;

class PeerIdentityTest {
  private static final Payload CLUSTER = Payload.utf8("cluster");
  private final PeerIdentity one =
      new PeerIdentity(CLUSTER, 1, Payload.utf8("store 1"), Peer.lives());
  private final PeerIdentity two =
      new PeerIdentity(CLUSTER, 2, Payload.utf8("store 2"), Peer.lives());

  @Test
  void nodesOfOneClusterWelcomeEachOther() {
    assertThat(two.fault(one.handshake(2))).isEmpty();
    assertThat(one.fault(two.handshake(1))).isEmpty();
  }

  @Test
  void anotherNodeIsMeant() {
    assertThat(two.fault(one.handshake(3)).orElseThrow()).contains("node 2", "node 3");
  }

  @Test
  void anotherClusterIsMeant() {
    PeerIdentity stranger =
        new PeerIdentity(Payload.utf8("other"), 1, Payload.utf8("store"), Peer.lives());

    assertThat(two.fault(stranger.handshake(2)).orElseThrow()).contains("another cluster");
    assertThat(two.fault(one.handshake(2).toBuilder().setClusterId(ByteString.EMPTY).build()))
        .isPresent();
  }

  @Test
  void anotherProtocolIsSpoken() {
    Handshake newer = one.handshake(2).toBuilder().setProtocolVersion(2).build();

    assertThat(two.fault(newer).orElseThrow()).contains("protocol 1", "2");
    assertThat(two.fault(Handshake.getDefaultInstance())).isPresent();
  }
}
