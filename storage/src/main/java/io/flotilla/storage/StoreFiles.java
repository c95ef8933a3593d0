package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Port to a flat directory of plain files: the identity of the store, exported and staged
 * snapshots. Names are 1 to 100 letters, digits, dots, dashes and underscores, and do not start
 * with a dot. Any thread; one appender per file at a time. All failures are {@link StoreException}.
 */
public interface StoreFiles {

  /** Names of all files. */
  SortedSet<String> list();

  /** Size in bytes, or -1 when there is no such file. */
  long size(String name);

  /** Creates an empty file, replacing an old one. */
  Appender create(String name);

  /**
   * Goes on with a file that is there, after its first {@code size} bytes; what comes after them is
   * cut off.
   */
  Appender resume(String name, long size);

  /** Bytes that there is still room for on the disk. */
  long freeBytes();

  /** Up to {@code maxBytes} bytes from {@code offset}; empty at the end of the file. */
  Payload read(String name, long offset, int maxBytes);

  /** The whole file, or null when there is none. For small files. */
  @Nullable Payload readAll(String name);

  /** Writes a small file so that a crash leaves either the old or the new content, durable. */
  void replace(String name, Payload content);

  /** Deletes a file; nothing happens when there is none. */
  void delete(String name);

  /** Writes one file from start to end. */
  interface Appender extends AutoCloseable {

    void append(Payload bytes);

    /** Makes the file, its bytes and its name durable. */
    void sync();

    /** Closes the file, without a sync. */
    @Override
    void close();
  }
}
