package io.flotilla.server.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.router.access.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what operators do, a JSON object a line: to a file that only its owner can read, or to the
 * log. The file is opened for each line, which are few, so that it can be moved away at any time.
 * Thread-safe.
 */
public final class AuditFile implements AuditLog {
  private static final Logger LOG = LoggerFactory.getLogger("flotilla.audit");
  private static final JsonMapper JSON = new JsonMapper();

  private final Optional<Path> file;
  private final LongSupplier wallMillis;

  /**
   * An audit log.
   *
   * @param file to append to; empty: the logger {@code flotilla.audit}
   * @param wallMillis milliseconds since 1970
   */
  public AuditFile(Optional<Path> file, LongSupplier wallMillis) {
    this.file = file;
    this.wallMillis = wallMillis;
  }

  @Override
  public void record(Event event) {
    String line = line(event);
    if (file.isEmpty()) {
      LOG.info("{}", line);
      return;
    }
    try {
      append(file.get(), line + "\n");
    } catch (IOException e) {
      LOG.error("the audit log cannot be written ({}): {}", e.toString(), line);
    }
  }

  private String line(Event event) {
    ObjectNode object =
        JSON.createObjectNode()
            .put("time", Instant.ofEpochMilli(wallMillis.getAsLong()).toString())
            .put("who", event.who())
            .put("from", event.from())
            .put("what", event.what());
    ObjectNode arguments = object.putObject("arguments");
    event.arguments().forEach(arguments::put);
    object.put("outcome", event.outcome());
    if (!event.problem().isEmpty()) {
      object.put("problem", event.problem());
    }
    return object.toString();
  }

  private static synchronized void append(Path to, String line) throws IOException {
    if (!Files.exists(to)) {
      boolean posix = to.getFileSystem().supportedFileAttributeViews().contains("posix");
      if (posix) {
        Files.createFile(
            to, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    }
    Files.writeString(to, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
