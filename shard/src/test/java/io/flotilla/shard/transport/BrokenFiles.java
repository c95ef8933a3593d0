package io.flotilla.shard.transport;

import io.flotilla.raft.Payload;
import io.flotilla.storage.StoreException;
import io.flotilla.storage.StoreFiles;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Files on a disk that cannot be read beyond an offset. */
final class BrokenFiles implements StoreFiles {
  private final StoreFiles files;
  private final long readable;

  BrokenFiles(StoreFiles files, long readable) {
    this.files = files;
    this.readable = readable;
  }

  @Override
  public Payload read(String name, long offset, int maxBytes) {
    if (offset >= readable) {
      throw new StoreException("unreadable sector");
    }
    return files.read(name, offset, maxBytes);
  }

  @Override
  public SortedSet<String> list() {
    return files.list();
  }

  @Override
  public long size(String name) {
    return files.size(name);
  }

  @Override
  public Appender create(String name) {
    return files.create(name);
  }

  @Override
  public @Nullable Payload readAll(String name) {
    return files.readAll(name);
  }

  @Override
  public void replace(String name, Payload content) {
    files.replace(name, content);
  }

  @Override
  public void delete(String name) {
    files.delete(name);
  }
}
