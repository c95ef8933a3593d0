package io.flotilla.storage;

import io.flotilla.raft.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files in one directory of the disk. */
final class DiskFiles implements StoreFiles {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
  private static final String TEMPORARY = ".tmp";
  private static final Set<OpenOption> CREATE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);

  private final Path directory;

  /** The directory exists. */
  DiskFiles(Path directory) {
    this.directory = directory;
  }

  @Override
  public SortedSet<String> list() {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.filter(Files::isRegularFile).forEach(file -> names.add(nameOf(file)));
    } catch (IOException e) {
      throw Disk.failed("cannot list " + directory, e);
    }
    names.removeIf(name -> !NAME.matcher(name).matches());
    return names;
  }

  @Override
  public long size(String name) {
    Path file = path(name);
    try {
      return Files.exists(file) ? Files.size(file) : -1;
    } catch (IOException e) {
      throw Disk.failed("cannot reach " + file, e);
    }
  }

  @Override
  public Appender create(String name) {
    return new DiskAppender(path(name));
  }

  @Override
  public Appender resume(String name, long size) {
    Path file = path(name);
    if (size(name) < size) {
      throw new StoreException(file + " has less than " + size + " bytes");
    }
    return new DiskAppender(file, size);
  }

  @Override
  public long freeBytes() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw Disk.failed("cannot tell the room left for " + directory, e);
    }
  }

  @Override
  public Payload read(String name, long offset, int maxBytes) {
    Path file = path(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long left = Math.max(0, channel.size() - offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(left, maxBytes));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new StoreException(file + " became shorter while it was read");
        }
      }
      return Payload.of(bytes.array());
    } catch (IOException e) {
      throw Disk.failed("cannot read " + file, e);
    }
  }

  @Override
  public @Nullable Payload readAll(String name) {
    Path file = path(name);
    try {
      return Files.exists(file) ? Payload.of(Files.readAllBytes(file)) : null;
    } catch (IOException e) {
      throw Disk.failed("cannot read " + file, e);
    }
  }

  @Override
  public void replace(String name, Payload content) {
    Path temporary = directory.resolve("." + name + TEMPORARY);
    Path file = path(name);
    try (DiskAppender appender = new DiskAppender(temporary)) {
      appender.append(content);
      appender.sync();
    }
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw Disk.failed("cannot replace " + file, e);
    }
    Disk.syncDirectory(directory);
  }

  @Override
  public void delete(String name) {
    Path file = path(name);
    try {
      if (Files.deleteIfExists(file)) {
        Disk.syncDirectory(directory);
      }
    } catch (IOException e) {
      throw Disk.failed("cannot delete " + file, e);
    }
  }

  private Path path(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a file name of a store: " + name);
    }
    return directory.resolve(name);
  }

  private static String nameOf(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private final class DiskAppender implements Appender {

    private final Path file;
    private final FileChannel channel;

    /** Goes on with a file after so many bytes. */
    DiskAppender(Path file, long size) {
      this.file = file;
      try {
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
        channel.truncate(size);
        channel.position(size);
      } catch (IOException e) {
        throw Disk.failed("cannot go on with " + file, e);
      }
    }

    DiskAppender(Path file) {
      this.file = file;
      try {
        this.channel = FileChannel.open(file, CREATE, Disk.FILE_MODE);
      } catch (IOException e) {
        throw Disk.failed("cannot create " + file, e);
      }
    }

    @Override
    public void append(Payload bytes) {
      ByteBuffer left = bytes.asReadOnlyByteBuffer();
      try {
        while (left.hasRemaining()) {
          channel.write(left);
        }
      } catch (IOException e) {
        throw Disk.failed("cannot write " + file, e);
      }
    }

    @Override
    public void sync() {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw Disk.failed("cannot sync " + file, e);
      }
      Disk.syncDirectory(directory);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw Disk.failed("cannot close " + file, e);
      }
    }
  }
}
