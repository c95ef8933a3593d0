package io.flotilla.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a store directory to one process, and to one store in this process. LMDB guards against
 * neither. The lock goes with the process however it ends.
 */
final class DirectoryLock implements AutoCloseable {

  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
  private static final String NAME = "LOCK";
  private static final int MAX_OWNER_BYTES = 100;

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory) {
    Path real = Disk.realPath(directory);
    if (!HELD.add(real)) {
      throw new StoreException("store " + real + " is already open in this process");
    }
    try {
      return lock(real);
    } catch (RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  private static DirectoryLock lock(Path directory) {
    Path file = directory.resolve(NAME);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              Disk.FILE_MODE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        String owner = owner(channel);
        channel.close();
        throw new StoreException("store " + directory + " is in use by " + owner);
      }
      byte[] pid = ("process " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      return new DirectoryLock(directory, channel);
    } catch (IOException e) {
      throw Disk.failed("cannot lock " + file, e);
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_OWNER_BYTES);
    channel.read(bytes, 0);
    String owner = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    return owner.isEmpty() ? "another process" : owner;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Disk.failed("cannot release the lock of " + directory, e);
    } finally {
      HELD.remove(directory);
    }
  }
}
