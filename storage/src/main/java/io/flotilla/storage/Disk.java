package io.flotilla.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** File system calls that the rest of the package shares. Files are for the owner only. */
final class Disk {

  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<String> NETWORK_TYPES =
      Set.of("nfs", "nfs4", "cifs", "smb", "smb2", "smbfs", "afs", "9p", "fuse.sshfs", "ceph");

  private Disk() {}

  /** Creates a directory and what is missing above it, durable in its parent. */
  static void createDirectory(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        return;
      }
      Path absolute = directory.toAbsolutePath();
      Files.createDirectories(absolute, DIRECTORY_MODE);
      Path parent = absolute.getParent();
      if (parent != null) {
        syncDirectory(parent);
      }
    } catch (IOException e) {
      throw failed("cannot create directory " + directory, e);
    }
  }

  static Path realPath(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw failed("cannot reach " + path, e);
    }
  }

  /** Makes the names in a directory durable. */
  static void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failed("cannot sync directory " + directory, e);
    }
  }

  /** Throws when the directory is on a file system whose locks and maps cannot be trusted. */
  static void checkLocal(Path directory) {
    String type;
    try {
      type = Files.getFileStore(directory).type();
    } catch (IOException e) {
      throw failed("cannot find the file system of " + directory, e);
    }
    if (NETWORK_TYPES.contains(type)) {
      throw new StoreException(
          directory + " is on a network file system (" + type + "); a store needs a local disk");
    }
    if (!Files.isWritable(directory)) {
      throw new StoreException(directory + " is not writable");
    }
  }

  /** The message of an {@link IOException} is often just a path; its class says what happened. */
  static StoreException failed(String what, IOException e) {
    return new StoreException(
        what + ": " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
  }
}
