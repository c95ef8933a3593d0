package io.flotilla.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.raft.Payload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real and the simulated environment have in common. */
class OrderedStoreTest {

  private static final long MAP_BYTES = 8 << 20;

  /** The model of the simulated disk answers as LMDB does. */
  @Nested
  class OnBoth extends Contract {

    @TempDir Path directory;

    private final SimOrderedStore model = new SimOrderedStore(MAP_BYTES);
    private final List<String> differences = new ArrayList<>();

    @Override
    OrderedStore create() {
      return new MirroredStore(model, directory, MAP_BYTES, differences::add);
    }

    @AfterEach
    void differInNothing() {
      assertThat(differences).isEmpty();
    }

    @Test
    void tellADifference() {
      put("k", "v");
      model.lose(Table.DATA, Payload.utf8("k"));
      assertThat(get("k")).isEqualTo("v");
      assertThat(differences).singleElement().asString().contains("LMDB differs from its model");
      differences.clear();
    }
  }

  @Nested
  class OnLmdb extends Contract {

    @TempDir Path directory;

    @Override
    OrderedStore create() {
      return LmdbOrderedStore.open(directory, EnumSet.allOf(Table.class), MAP_BYTES, 4);
    }

    @Test
    void isOpenOnceInAProcess() {
      assertThatThrownBy(this::create).hasMessageContaining("already open in this process");
    }

    @Test
    void survivesAReopen() {
      put("k", "v");
      store.close();
      store = create();
      assertThat(get("k")).isEqualTo("v");
    }

    @Test
    void aReadSlotIsFreedForTheNextReader() {
      for (int i = 0; i < 100; i++) {
        assertThat(get("k")).isNull();
      }
      List<OrderedStore.ReadTxn> open = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        open.add(store.beginRead());
      }
      CompletableFuture<String> fifth = CompletableFuture.supplyAsync(() -> "" + get("k"));
      assertThat(fifth).isNotDone();
      open.forEach(OrderedStore.ReadTxn::close);
      assertThat(fifth.join()).isEqualTo("null");
    }
  }

  @Nested
  class Simulated extends Contract {

    @Override
    OrderedStore create() {
      return new SimOrderedStore(MAP_BYTES);
    }
  }

  abstract static class Contract {

    OrderedStore store = new SimOrderedStore(MAP_BYTES);

    abstract OrderedStore create();

    @BeforeEach
    void open() {
      store = create();
    }

    @AfterEach
    void close() {
      store.close();
    }

    @Test
    void acceptsKeysOfOneTo511BytesAndValuesOfAnySize() {
      Payload longest = Payload.of(new byte[511]);
      Payload megabyte = Payload.of(new byte[1 << 20]);
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        txn.put(Table.DATA, longest, Payload.EMPTY);
        txn.put(Table.DATA, Payload.of(new byte[1]), megabyte);
        assertThatThrownBy(() -> txn.put(Table.DATA, Payload.EMPTY, Payload.EMPTY))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> txn.put(Table.DATA, Payload.of(new byte[512]), Payload.EMPTY))
            .isInstanceOf(IllegalArgumentException.class);
        txn.commit();
      }
      try (OrderedStore.ReadTxn txn = store.beginRead()) {
        assertThat(txn.get(Table.DATA, longest)).isEqualTo(Payload.EMPTY);
        assertThat(txn.get(Table.DATA, Payload.of(new byte[1]))).isEqualTo(megabyte);
        assertThat(txn.get(Table.META, longest)).isNull();
      }
    }

    @Test
    void aTransactionThatIsNotCommittedLeavesNoTrace() {
      put("a", "1");
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        txn.put(Table.DATA, Payload.utf8("a"), Payload.utf8("2"));
        assertThat(txn.get(Table.DATA, Payload.utf8("a"))).isEqualTo(Payload.utf8("2"));
        assertThat(get("a")).isEqualTo("1");
      }
      assertThat(get("a")).isEqualTo("1");
    }

    @Test
    void aReadKeepsItsViewWhileOthersCommit() {
      put("a", "1");
      try (OrderedStore.ReadTxn txn = store.beginRead()) {
        put("a", "2");
        put("b", "2");
        assertThat(txn.get(Table.DATA, Payload.utf8("a"))).isEqualTo(Payload.utf8("1"));
        assertThat(txn.get(Table.DATA, Payload.utf8("b"))).isNull();
      }
      assertThat(get("a")).isEqualTo("2");
    }

    @Test
    void slicesAreCutFromAValue() {
      put("a", "0123456789");
      try (OrderedStore.ReadTxn txn = store.beginRead()) {
        assertThat(txn.getSlice(Table.DATA, Payload.utf8("a"), 3, 4))
            .isEqualTo(Payload.utf8("3456"));
        assertThat(txn.getSlice(Table.DATA, Payload.utf8("b"), 3, 4)).isNull();
        assertThatThrownBy(() -> txn.getSlice(Table.DATA, Payload.utf8("a"), 8, 3))
            .isInstanceOf(StoreCorruptException.class);
      }
    }

    @Test
    void cursorsWalkBothWays() {
      for (String key : List.of("a", "c", "e", "é")) {
        put(key, key);
      }
      try (OrderedStore.ReadTxn txn = store.beginRead();
          OrderedStore.Cursor cursor = txn.cursor(Table.DATA)) {
        assertThat(walk(cursor, cursor.first(), false)).containsExactly("a", "c", "e", "é");
        assertThat(walk(cursor, cursor.last(), true)).containsExactly("é", "e", "c", "a");
        assertThat(walk(cursor, cursor.seek(Payload.utf8("b")), false))
            .containsExactly("c", "e", "é");
        assertThat(walk(cursor, cursor.seekBefore(Payload.utf8("c")), true)).containsExactly("a");
        assertThat(walk(cursor, cursor.seekBefore(Payload.utf8("zz")), true))
            .containsExactly("e", "c", "a");
        assertThat(cursor.seek(Payload.of(new byte[] {(byte) 0xff}))).isFalse();
        assertThat(cursor.seekBefore(Payload.utf8("a"))).isFalse();
        assertThatThrownBy(cursor::key).isInstanceOf(NoSuchElementException.class);
      }
    }

    @Test
    void anEmptyTableHasNoRows() {
      try (OrderedStore.ReadTxn txn = store.beginRead();
          OrderedStore.Cursor cursor = txn.cursor(Table.META)) {
        assertThat(cursor.first() || cursor.last()).isFalse();
        assertThat(cursor.seekBefore(Payload.utf8("x"))).isFalse();
      }
    }

    @Test
    void rowsAreDeletedThroughACursor() {
      for (String key : List.of("a", "b", "c", "d")) {
        put(key, key);
      }
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        RowRange middle = new RowRange(Table.DATA, Payload.utf8("b"), Payload.utf8("d"));
        assertThat(RangeEraser.erase(txn, middle, 1)).isFalse();
        assertThat(RangeEraser.erase(txn, middle, 1)).isTrue();
        txn.commit();
      }
      try (OrderedStore.ReadTxn txn = store.beginRead();
          OrderedStore.Cursor cursor = txn.cursor(Table.DATA)) {
        assertThat(walk(cursor, cursor.first(), false)).containsExactly("a", "d");
      }
    }

    @Test
    void aFullMapIsReportedAndLeavesTheStoreUsable() {
      put("a", "1");
      Payload megabyte = Payload.of(new byte[1 << 20]);
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        assertThatThrownBy(
                () -> {
                  for (int i = 0; i < 16; i++) {
                    txn.put(Table.DATA, Keys.ofLong(i), megabyte);
                  }
                  txn.commit();
                })
            .isInstanceOf(StoreFullException.class);
      }
      put("b", "2");
      assertThat(get("a") + get("b")).isEqualTo("12");
      assertThat(store.usage().mapBytes()).isEqualTo(MAP_BYTES);
      assertThat(store.usage().fraction()).isPositive().isLessThan(0.1);
    }

    private static List<String> walk(OrderedStore.Cursor cursor, boolean start, boolean back) {
      List<String> keys = new ArrayList<>();
      for (boolean on = start; on; on = back ? cursor.prev() : cursor.next()) {
        assertThat(cursor.value()).isEqualTo(cursor.key());
        keys.add(cursor.key().toUtf8());
      }
      return keys;
    }

    void put(String key, String value) {
      try (OrderedStore.WriteTxn txn = store.beginWrite()) {
        txn.put(Table.DATA, Payload.utf8(key), Payload.utf8(value));
        txn.commit();
      }
    }

    @Nullable String get(String key) {
      try (OrderedStore.ReadTxn txn = store.beginRead()) {
        Payload value = txn.get(Table.DATA, Payload.utf8(key));
        return value == null ? null : value.toUtf8();
      }
    }
  }
}
