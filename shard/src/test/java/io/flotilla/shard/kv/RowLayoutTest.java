package io.flotilla.shard.kv;

import static io.flotilla.shard.kv.Commands.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.raft.Payload;
import io.flotilla.shard.descriptor.KeyRange;
import io.flotilla.shard.support.Shards;
import io.flotilla.storage.RowRange;
import io.flotilla.storage.Table;
import org.junit.jupiter.api.Test;

/** {@link KeySpace} and {@link RowValue}: what is written on disk. */
class RowLayoutTest {
  private static Payload bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Payload.of(bytes);
  }

  @Test
  void valueKeepsRevisionAndBytes() {
    Payload stored = RowValue.encode(Long.MAX_VALUE - 1, 0, utf8("value"));

    assertThat(RowValue.revision(stored)).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(RowValue.value(stored)).isEqualTo(utf8("value"));
    assertThat(RowValue.valueBytes(stored)).isEqualTo(5);
    assertThat(RowValue.toReply(stored))
        .isEqualTo(
            GetReply.newBuilder()
                .setFound(true)
                .setValue(utf8("value"))
                .setRevision(Long.MAX_VALUE - 1)
                .build());
  }

  @Test
  void valueThatExpiresKeepsWhen() {
    Payload stored = RowValue.encode(7, 1_000, utf8("value"));

    assertThat(RowValue.expiryMillis(stored)).isEqualTo(1_000);
    assertThat(RowValue.value(stored)).isEqualTo(utf8("value"));
    assertThat(RowValue.valueBytes(stored)).isEqualTo(5);
    assertThat(RowValue.toReply(stored).getExpiresAtMillis()).isEqualTo(1_000);
    assertThat(RowValue.expiryMillis(RowValue.encode(7, 0, utf8("value")))).isZero();
  }

  @Test
  void emptyValueIsNotAbsent() {
    GetReply reply = RowValue.toReply(RowValue.encode(3, 0, ByteString.EMPTY));

    assertThat(reply.getFound()).isTrue();
    assertThat(reply.getValue().isEmpty()).isTrue();
    assertThat(RowValue.toReply(null).getFound()).isFalse();
  }

  @Test
  void layoutOnDiskStaysAsItIs() {
    assertThat(KeySpace.systemRow(Payload.utf8("I"))).isEqualTo(bytes(1, 'I'));
    assertThat(KeySpace.userRow(Payload.utf8("k"))).isEqualTo(bytes(2, 'k'));
    assertThat(KeySpace.sessionRow(258, -1))
        .isEqualTo(bytes(0, 0, 0, 0, 0, 0, 1, 2, 255, 255, 255, 255, 255, 255, 255, 255));
    assertThat(KeySpace.replicaRow(3, 4))
        .isEqualTo(bytes('R', 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4));
    assertThat(RowValue.encode(1, 0, utf8("v"))).isEqualTo(bytes(0, 0, 0, 0, 0, 0, 0, 1, 0, 'v'));
    assertThat(RowValue.encode(1, 259, utf8("v")))
        .isEqualTo(bytes(0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 3, 'v'));
  }

  @Test
  void keysAreReadBack() {
    assertThat(KeySpace.userKey(KeySpace.userRow(Payload.utf8("key"))))
        .isEqualTo(Payload.utf8("key"));
    assertThat(KeySpace.sessionId(KeySpace.sessionRow(2, 77))).isEqualTo(77);
    Payload replica = KeySpace.replicaRow(5, 51);
    assertThat(KeySpace.isReplicaRow(replica)).isTrue();
    assertThat(KeySpace.isReplicaRow(Payload.utf8("Q"))).isFalse();
    assertThat(KeySpace.shardId(replica)).isEqualTo(5);
    assertThat(KeySpace.replicaId(replica)).isEqualTo(51);
  }

  @Test
  void rowsOfAShardAreExactlyThoseOfItsKeys() {
    RowRange rows = KeySpace.rows(2, Shards.range("b", "d"));

    assertThat(rows.table()).isEqualTo(Table.DATA);
    assertThat(rows.contains(KeySpace.userRow(Payload.utf8("a")))).isFalse();
    assertThat(rows.contains(KeySpace.userRow(Payload.utf8("b")))).isTrue();
    assertThat(rows.contains(KeySpace.userRow(Payload.utf8("c\u00ff")))).isTrue();
    assertThat(rows.contains(KeySpace.userRow(Payload.utf8("d")))).isFalse();
  }

  @Test
  void shardOfAllKeysHoldsNothingOfTheCatalog() {
    RowRange all = KeySpace.rows(2, KeyRange.ALL);

    assertThat(all.contains(KeySpace.userRow(bytes(0)))).isTrue();
    assertThat(all.contains(KeySpace.userRow(bytes(255, 255, 255)))).isTrue();
    assertThat(all.contains(KeySpace.systemRow(bytes(255)))).isFalse();
    RowRange system = KeySpace.rows(1, KeyRange.ALL);
    assertThat(system.contains(KeySpace.systemRow(bytes(255)))).isTrue();
    assertThat(system.contains(KeySpace.userRow(bytes(0)))).isFalse();
  }

  @Test
  void sessionsOfAShardAreItsOwn() {
    RowRange sessions = KeySpace.sessions(2);

    assertThat(sessions.table()).isEqualTo(Table.SESSIONS);
    assertThat(sessions.contains(KeySpace.sessionRow(2, 0))).isTrue();
    assertThat(sessions.contains(KeySpace.sessionRow(2, -1))).isTrue();
    assertThat(sessions.contains(KeySpace.sessionRow(1, -1))).isFalse();
    assertThat(sessions.contains(KeySpace.sessionRow(3, 0))).isFalse();
  }
}
