package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Port to one environment: a few named tables of ordered byte rows with transactions that are
 * atomic and durable once {@link WriteTxn#commit} returns. Everything above it is free of files,
 * threads and native code, so one seed can replay it over a simulated store.
 *
 * <p>Keys have 1 to {@link Table#MAX_KEY_BYTES} bytes and are ordered as unsigned bytes. All bytes
 * handed out are copies that stay valid after the transaction.
 *
 * <p>Threads: one write transaction at a time, begun, used and ended on one thread. Read
 * transactions may begin on any thread, each is used by one thread at a time, and their number is
 * bounded: {@link #beginRead} waits for a free slot. A read transaction pins old pages, so it must
 * be short.
 */
public interface OrderedStore extends AutoCloseable {

  /** Begins a transaction that sees the last committed state. */
  ReadTxn beginRead();

  /** Begins the only write transaction. */
  WriteTxn beginWrite();

  /** How full the store was after the last commit. Any thread. */
  Usage usage();

  /** Closes the store. No transaction may be open. */
  @Override
  void close();

  /** A stable view of all tables. */
  interface ReadTxn extends AutoCloseable {

    /** The value of a key, or null. */
    @Nullable Payload get(Table table, Payload key);

    /**
     * Part of a value, or null when the key is absent.
     *
     * @throws StoreCorruptException when the value has fewer than {@code offset + length} bytes
     */
    @Nullable Payload getSlice(Table table, Payload key, int offset, int length);

    /** A new cursor that stands on no row. Closed with the transaction at the latest. */
    Cursor cursor(Table table);

    @Override
    void close();
  }

  /** Changes that become visible and durable together, or not at all. */
  interface WriteTxn extends ReadTxn {

    /**
     * Adds or replaces a row.
     *
     * @throws StoreFullException when the map has no room; the transaction can only be closed
     */
    void put(Table table, Payload key, Payload value);

    /** Deletes a row; true when it was there. */
    boolean delete(Table table, Payload key);

    /**
     * Makes the changes durable and ends the transaction.
     *
     * @throws StoreFullException when the map has no room; nothing was changed
     * @throws StoreException when the commit failed otherwise: what the disk holds is unknown
     */
    void commit();

    /** Drops the changes, unless they were committed. */
    @Override
    void close();
  }

  /**
   * A position in one table. Every move returns true when it stands on a row; otherwise {@link
   * #key} and {@link #value} throw {@link NoSuchElementException}.
   */
  interface Cursor extends AutoCloseable {

    boolean first();

    boolean last();

    /** Moves to the first row whose key is at or after {@code key}. */
    boolean seek(Payload key);

    /** Moves to the last row whose key is before {@code key}. */
    boolean seekBefore(Payload key);

    /** Moves one row forward; only from a row. */
    boolean next();

    /** Moves one row back; only from a row. */
    boolean prev();

    Payload key();

    Payload value();

    /** Deletes the row the cursor stands on; only in a write transaction. Seek before going on. */
    void delete();

    @Override
    void close();
  }
}
