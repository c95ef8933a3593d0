package io.flotilla.cli.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What processes of this machine use, as Linux tells in {@code /proc}. Where there is no such
 * directory nothing is found. Stateless, thread-safe.
 *
 * @param proc the directory
 */
public record Processes(Path proc) {
  /** Clock ticks of /proc/PID/stat; the same on all Linux systems that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int HEX = 16;
  private static final long BYTES_PER_KIB = 1024;

  /** Those of this machine. */
  public static Processes local() {
    return new Processes(Path.of("/proc"));
  }

  /** Ids of the processes that listen on one of the TCP ports, in order. */
  public List<Long> listening(Set<Integer> ports) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : lines(proc.resolve(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > INODE
            && fields[STATE].equals(LISTENING)
            && ports.contains(port(fields[LOCAL_ADDRESS]))) {
          sockets.add("socket:[" + fields[INODE] + "]");
        }
      }
    }
    Set<Long> pids = new TreeSet<>();
    if (!sockets.isEmpty()) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
        for (Path process : all) {
          if (holds(process.resolve("fd"), sockets)) {
            pids.add(Long.parseLong(process.getFileName().toString()));
          }
        }
      } catch (IOException e) {
        return List.of();
      }
    }
    return List.copyOf(pids);
  }

  /** CPU seconds that they have used so far, user and system; one that is gone counts as 0. */
  public double cpuSeconds(List<Long> pids) {
    return pids.stream().mapToDouble(this::cpuSeconds).sum();
  }

  /** Bytes of memory that are resident; one that is gone counts as 0. */
  public long residentBytes(List<Long> pids) {
    return pids.stream().mapToLong(this::residentBytes).sum();
  }

  private double cpuSeconds(long pid) {
    for (String line : lines(proc.resolve(pid + "/stat"))) {
      // The name of the process comes before the last bracket, and may have anything in it.
      String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
      return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]))
          / TICKS_PER_SECOND;
    }
    return 0;
  }

  private long residentBytes(long pid) {
    for (String line : lines(proc.resolve(pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIB;
      }
    }
    return 0;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEX);
  }

  private static boolean holds(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : open) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException e) {
      // Gone meanwhile, or of another user: it cannot be told, so it is not counted.
      return false;
    }
    return false;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
