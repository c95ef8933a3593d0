package io.flotilla.server.access;

import com.google.protobuf.ByteString;
import io.flotilla.router.access.AccessGuard;
import io.flotilla.router.access.AccessTable;
import io.flotilla.router.access.AuditLog;
import io.flotilla.router.access.CallerInterceptor;
import io.flotilla.router.access.Guard;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What guards a port for clients, by an access file as it is now. Thread-safe. */
public final class AccessControl {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

  private final Path file;
  private final LongSupplier wallMillis;
  private final AuditLog audit;
  private volatile AccessTable table;
  private String content;
  private String complaint = "";

  private AccessControl(
      Path file, String content, AccessTable table, LongSupplier wallMillis, AuditLog audit) {
    this.file = file;
    this.content = content;
    this.table = table;
    this.wallMillis = wallMillis;
    this.audit = audit;
  }

  /**
   * Reads the file.
   *
   * @param wallMillis milliseconds since 1970
   * @param audit hears of what operators do
   * @throws AccessException with what is wrong with it
   */
  public static AccessControl load(Path file, LongSupplier wallMillis, AuditLog audit)
      throws AccessException {
    String content = read(file);
    return new AccessControl(file, content, AccessFile.parse(file, content), wallMillis, audit);
  }

  private static String read(Path file) throws AccessException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new AccessException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new AccessException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Takes over what the file says now; what makes no sense is complained of once and left. */
  public synchronized void refresh() {
    try {
      String now = read(file);
      if (!now.equals(content)) {
        table = AccessFile.parse(file, now);
        content = now;
        LOG.info("a new access file counts from now on: {}", file);
      }
      complaint = "";
    } catch (AccessException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(complaint)) {
        LOG.error("the new access file cannot be used, the old one goes on: {}", problem);
        complaint = problem;
      }
    }
  }

  /** Finds out who calls. */
  public ServerInterceptor interceptor(Supplier<ByteString> clusterId) {
    return new CallerInterceptor(() -> table, clusterId, wallMillis);
  }

  /** Decides what they may. */
  public Guard guard() {
    return new AccessGuard(() -> table, wallMillis, audit);
  }
}
