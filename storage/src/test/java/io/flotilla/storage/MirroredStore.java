package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A real LMDB environment beside its model: every call goes to both, what LMDB answers is handed
 * out, and a difference is told. The model has the faults, so a run is the same with and without a
 * mirror. One thread.
 */
final class MirroredStore implements OrderedStore {
  /** LMDB needs more room for the same rows; whether there is room, the model says. */
  private static final int ROOM = 8;

  private static final int READERS = 64;

  private final SimOrderedStore model;
  private final LmdbOrderedStore real;
  private final Consumer<String> differs;
  private final Set<MirroredTxn> open = new LinkedHashSet<>();

  /**
   * Opens the environment of a directory, as a process does that finds it there.
   *
   * @param differs is told what LMDB did otherwise than its model
   */
  MirroredStore(SimOrderedStore model, Path directory, long mapBytes, Consumer<String> differs) {
    this.model = model;
    this.differs = differs;
    this.real =
        LmdbOrderedStore.open(directory, EnumSet.allOf(Table.class), mapBytes * ROOM, READERS);
  }

  /** Replaces all rows by those of the model. */
  void fill() {
    try (WriteTxn txn = real.beginWrite()) {
      for (Table table : Table.values()) {
        model.rows(table).forEach((key, value) -> txn.put(table, key, value));
      }
      txn.commit();
    }
  }

  /** The process is dead: what it had open is lost. */
  void crash() {
    List.copyOf(open).forEach(MirroredTxn::abort);
    real.close();
  }

  @Override
  public ReadTxn beginRead() {
    return new MirroredTxn(model.beginRead(), real.beginRead());
  }

  @Override
  public WriteTxn beginWrite() {
    WriteTxn write = model.beginWrite();
    return new MirroredTxn(write, real.beginWrite());
  }

  @Override
  public Usage usage() {
    return model.usage();
  }

  @Override
  public void close() {
    model.close();
    real.close();
  }

  private <T> T same(String what, T expected, T actual) {
    if (!Objects.equals(expected, actual)) {
      differs.accept("LMDB differs from its model: " + what + ": " + actual + ", not " + expected);
    }
    return actual;
  }

  private final class MirroredTxn implements WriteTxn {
    private final ReadTxn modelTxn;
    private final ReadTxn realTxn;

    MirroredTxn(ReadTxn modelTxn, ReadTxn realTxn) {
      this.modelTxn = modelTxn;
      this.realTxn = realTxn;
      open.add(this);
    }

    @Override
    public @Nullable Payload get(Table table, Payload key) {
      Payload expected = modelTxn.get(table, key);
      Payload actual = realTxn.get(table, key);
      same("get " + key, String.valueOf(expected), String.valueOf(actual));
      return actual;
    }

    @Override
    public @Nullable Payload getSlice(Table table, Payload key, int offset, int length) {
      Payload expected = modelTxn.getSlice(table, key, offset, length);
      Payload actual = realTxn.getSlice(table, key, offset, length);
      same("slice of " + key, String.valueOf(expected), String.valueOf(actual));
      return actual;
    }

    @Override
    public Cursor cursor(Table table) {
      return new MirroredCursor(modelTxn.cursor(table), realTxn.cursor(table));
    }

    @Override
    public void put(Table table, Payload key, Payload value) {
      ((WriteTxn) modelTxn).put(table, key, value);
      ((WriteTxn) realTxn).put(table, key, value);
    }

    @Override
    public boolean delete(Table table, Payload key) {
      boolean expected = ((WriteTxn) modelTxn).delete(table, key);
      return same("delete " + key, expected, ((WriteTxn) realTxn).delete(table, key));
    }

    /** The disk of the model decides whether the rows are durable, also where it fails. */
    @Override
    public void commit() {
      long before = model.version();
      try {
        ((WriteTxn) modelTxn).commit();
      } finally {
        open.remove(this);
        if (model.version() != before) {
          ((WriteTxn) realTxn).commit();
        }
        realTxn.close();
      }
    }

    @Override
    public void close() {
      modelTxn.close();
      abort();
    }

    void abort() {
      if (open.remove(this)) {
        realTxn.close();
      }
    }
  }

  private final class MirroredCursor implements Cursor {
    private final Cursor expected;
    private final Cursor actual;

    MirroredCursor(Cursor expected, Cursor actual) {
      this.expected = expected;
      this.actual = actual;
    }

    private boolean moved(String how, boolean wanted, Supplier<Boolean> move) {
      return same(how, wanted, move.get());
    }

    @Override
    public boolean first() {
      return moved("first", expected.first(), actual::first);
    }

    @Override
    public boolean last() {
      return moved("last", expected.last(), actual::last);
    }

    @Override
    public boolean seek(Payload key) {
      return moved("seek " + key, expected.seek(key), () -> actual.seek(key));
    }

    @Override
    public boolean seekBefore(Payload key) {
      return moved("seek before " + key, expected.seekBefore(key), () -> actual.seekBefore(key));
    }

    @Override
    public boolean next() {
      return moved("next", expected.next(), actual::next);
    }

    @Override
    public boolean prev() {
      return moved("prev", expected.prev(), actual::prev);
    }

    @Override
    public Payload key() {
      return same("key", expected.key(), actual.key());
    }

    @Override
    public Payload value() {
      return same("value", expected.value(), actual.value());
    }

    @Override
    public void delete() {
      expected.delete();
      actual.delete();
    }

    @Override
    public void close() {
      expected.close();
      actual.close();
    }
  }
}
