package io.flotilla.shard.descriptor;

import static io.flotilla.shard.support.Shards.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.contract.v1.Route;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardDescriptorTest {
  private static final ReplicaDescriptor VOTER = ReplicaDescriptor.voter(21, 1);
  private static final ReplicaDescriptor SECOND = ReplicaDescriptor.voter(22, 2);
  private static final ReplicaDescriptor LEARNER =
      new ReplicaDescriptor(23, 3, ReplicaDescriptor.Role.LEARNER);
  private static final ShardDescriptor SHARD =
      new ShardDescriptor(
          2, range("b", "x"), new ShardEpoch(4, 7), List.of(VOTER, SECOND, LEARNER));

  @Test
  void leftHalfKeepsIdentityAndReplicas() {
    ShardDescriptor left = SHARD.leftOf(Payload.utf8("m"));

    assertThat(left)
        .isEqualTo(new ShardDescriptor(2, range("b", "m"), new ShardEpoch(4, 8), SHARD.replicas()));
  }

  @Test
  void rightHalfHasNewReplicasOnTheSameNodes() {
    ShardDescriptor right = SHARD.rightOf(Payload.utf8("m"), 9, List.of(91L, 92L, 93L));

    assertThat(right)
        .isEqualTo(
            new ShardDescriptor(
                9,
                range("m", "x"),
                new ShardEpoch(4, 8),
                List.of(
                    ReplicaDescriptor.voter(91, 1),
                    ReplicaDescriptor.voter(92, 2),
                    new ReplicaDescriptor(93, 3, ReplicaDescriptor.Role.LEARNER))));
  }

  @Test
  void halvesAreTheWhole() {
    ShardDescriptor all = new ShardDescriptor(2, KeyRange.ALL, ShardEpoch.FIRST, List.of(VOTER));
    ShardDescriptor left = all.leftOf(Payload.utf8("m"));
    ShardDescriptor right = all.rightOf(Payload.utf8("m"), 9, List.of(91L));

    assertThat(left.range().end()).isEqualTo(right.range().start());
    assertThat(left.range().start().isEmpty()).isTrue();
    assertThat(right.range().end().isEmpty()).isTrue();
    assertThat(left.range().overlaps(right.range())).isFalse();
  }

  @Test
  void membershipTellsVotersFromLearners() {
    assertThat(SHARD.membership()).isEqualTo(Membership.of(List.of(21L, 22L), List.of(23L)));
  }

  @Test
  void replicasAreFoundByNodeAndById() {
    assertThat(SHARD.replicaOn(2)).contains(SECOND);
    assertThat(SHARD.replicaOn(4)).isEmpty();
    assertThat(SHARD.replica(23)).contains(LEARNER);
    assertThat(SHARD.nodeOf(21)).isEqualTo(1);
    assertThat(SHARD.nodeOf(99)).isZero();
  }

  @Test
  void whatCannotBeIsRefused() {
    ReplicaDescriptor twin = ReplicaDescriptor.voter(29, 1);
    assertThatThrownBy(
            () -> new ShardDescriptor(2, KeyRange.ALL, ShardEpoch.FIRST, List.of(VOTER, twin)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ShardDescriptor(0, KeyRange.ALL, ShardEpoch.FIRST, List.of(VOTER)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ReplicaDescriptor.voter(0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ReplicaDescriptor.voter(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void epochsRiseByOne() {
    assertThat(ShardEpoch.FIRST.nextRange()).isEqualTo(new ShardEpoch(1, 2));
    assertThat(ShardEpoch.FIRST.nextMembership()).isEqualTo(new ShardEpoch(2, 1));
  }

  @Test
  void comesBackFromTheWireAsItWas() throws InvalidProtocolBufferException {
    byte[] wire = Descriptors.toProto(SHARD).toByteArray();

    assertThat(Descriptors.fromProto(io.flotilla.contract.v1.ShardDescriptor.parseFrom(wire)))
        .isEqualTo(SHARD);
    assertThat(Descriptors.fromProto(Descriptors.toProto(KeyRange.ALL))).isEqualTo(KeyRange.ALL);
    assertThat(Descriptors.fromProto(Descriptors.toProto(SHARD.epoch()))).isEqualTo(SHARD.epoch());
    Payload bytes = Payload.of(new byte[] {0, (byte) 0xff, 7});
    assertThat(Descriptors.payload(Descriptors.bytes(bytes))).isEqualTo(bytes);
  }

  @Test
  void routeNamesItsLeader() {
    Route route = Descriptors.route(SHARD, 2, 17);

    assertThat(route.getShard()).isEqualTo(Descriptors.toProto(SHARD));
    assertThat(route.getLeaderNodeId()).isEqualTo(2);
    assertThat(route.getLeaderTerm()).isEqualTo(17);
  }
}
