package io.flotilla.shard.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.AppendEntries;
import io.flotilla.internal.v1.LogEntry;
import io.flotilla.internal.v1.PeerMessage;
import io.flotilla.internal.v1.TimeoutNow;
import io.flotilla.raft.Entry;
import io.flotilla.raft.Membership;
import io.flotilla.raft.Message;
import io.flotilla.raft.Payload;
import io.flotilla.raft.SnapshotMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMessagesTest {
  private static final long LARGE = (1L << 53) + 1;
  private static final Message SNAPSHOT =
      new Message.InstallSnapshot(1, 2, 3, new SnapshotMetadata(4, 5, Membership.of(1, 2)));

  static Stream<Message> messages() {
    return Stream.of(
        new Message.RequestVote(1, 2, LARGE, 4, 5, true, false),
        new Message.RequestVote(1, 2, 3, 4, 5, false, true),
        new Message.RequestVoteReply(1, 2, 3, true, false, 0, 0),
        new Message.RequestVoteReply(1, 2, 3, false, true, 8, 2),
        new Message.AppendEntries(1, 2, 3, 4, 5, List.of(), LARGE),
        new Message.AppendEntries(
            1,
            2,
            3,
            4,
            5,
            List.of(
                new Entry(5, 5, Entry.Type.NOOP, Payload.EMPTY),
                new Entry(5, 6, Entry.Type.DATA, Payload.utf8("data")),
                new Entry(6, 7, Entry.Type.MEMBERSHIP, Payload.utf8("members"))),
            6),
        new Message.AppendEntriesReply(1, 2, 3, true, 4, LARGE, 6),
        new Message.AppendEntriesReply(1, 2, 3, false, 4, 0, 0),
        new Message.Heartbeat(1, 2, 3, 4, LARGE),
        new Message.Commit(1, 2, 3, LARGE),
        new Message.HeartbeatReply(1, 2, 3, 4),
        new Message.TimeoutNow(1, 2, 3),
        new Message.ReadIndexRequest(1, 2, 3, 4),
        new Message.ReadIndexReply(1, 2, 3, 4, LARGE));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void comesBackAsItWas(Message message) throws InvalidProtocolBufferException {
    byte[] wire = PeerMessages.encode(77, message).toByteArray();
    PeerMessage read = PeerMessage.parseFrom(wire);

    assertThat(read.getShardId()).isEqualTo(77);
    assertThat(PeerMessages.decode(read)).isEqualTo(message);
  }

  @Test
  void everyKindIsAmongThem() {
    Set<Class<?>> kinds = new HashSet<>();
    messages().forEach(message -> kinds.add(message.getClass()));
    kinds.add(SNAPSHOT.getClass());

    assertThat(kinds).containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
  }

  @Test
  void snapshotIsNotAMessage() {
    assertThatThrownBy(() -> PeerMessages.encode(1, SNAPSHOT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Found by mutated requests: such a message ended the loop that it was for. */
  @Test
  void messageThatNamesNobodyIsRefused() {
    PeerMessage good =
        PeerMessage.newBuilder()
            .setShardId(2)
            .setFromReplica(21)
            .setToReplica(22)
            .setTerm(1)
            .setTimeoutNow(TimeoutNow.getDefaultInstance())
            .build();
    assertThat(PeerMessages.decode(good)).isNotNull();
    for (PeerMessage wrong :
        List.of(
            good.toBuilder().setShardId(0).build(),
            good.toBuilder().setFromReplica(-1).build(),
            good.toBuilder().setToReplica(0).build(),
            good.toBuilder().setTerm(-1).build())) {
      assertThatThrownBy(() -> PeerMessages.decode(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void kindThatIsNotKnownIsRefused() {
    PeerMessage unknown =
        PeerMessage.newBuilder().setShardId(1).setFromReplica(1).setToReplica(2).setTerm(3).build();

    assertThatThrownBy(() -> PeerMessages.decode(unknown))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void entryTypeThatIsNotKnownIsRefused() {
    for (int type : new int[] {-1, Entry.Type.values().length}) {
      PeerMessage append =
          PeerMessage.newBuilder()
              .setShardId(1)
              .setFromReplica(1)
              .setToReplica(2)
              .setAppendEntries(
                  AppendEntries.newBuilder().addEntries(LogEntry.newBuilder().setType(type)))
              .build();
      assertThatThrownBy(() -> PeerMessages.decode(append))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sizeCountsTheEntries() {
    Entry entry = new Entry(5, 6, Entry.Type.DATA, Payload.of(new byte[10_000]));
    Message append = new Message.AppendEntries(1, 2, 3, 4, 5, List.of(entry, entry), 6);

    assertThat(PeerMessages.sizeBytes(append)).isBetween(20_000, 21_000);
    assertThat(PeerMessages.sizeBytes(new Message.TimeoutNow(1, 2, 3))).isPositive();
  }

  @Test
  void onlyAppendsAndWhatMustNotOvertakeThemGoBehindAppends() {
    assertThat(messages())
        .allSatisfy(
            message ->
                assertThat(Lane.of(message))
                    .isEqualTo(
                        message instanceof Message.AppendEntries
                                || message instanceof Message.TimeoutNow
                            ? Lane.APPEND
                            : Lane.CONTROL));
  }
}
