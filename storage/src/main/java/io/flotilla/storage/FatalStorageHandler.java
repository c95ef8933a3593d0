package io.flotilla.storage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when a commit or a sync fails for any reason but lack of room. After a failed sync
 * the kernel may have dropped the dirty pages, so a later sync that succeeds proves nothing: the
 * process must end and recover from what the disk really holds.
 *
 * <p>The store stops using the environment before the call, whether or not the handler returns; no
 * completion runs afterwards.
 */
@FunctionalInterface
public interface FatalStorageHandler {

  /** Exit status of a process that was halted because of its disk. */
  int EXIT_STATUS = 86;

  /**
   * Called once per environment, on the thread that met the failure.
   *
   * @param what which operation failed, for the log
   * @param cause the failure
   */
  void fatal(String what, Throwable cause);

  /** Logs, then halts the process with status {@value #EXIT_STATUS}; the production handler. */
  static FatalStorageHandler haltProcess() {
    return (what, cause) -> {
      Logger log = LoggerFactory.getLogger(FatalStorageHandler.class);
      log.error("storage failed, halting with status {}: {}", EXIT_STATUS, what, cause);
      Runtime.getRuntime().halt(EXIT_STATUS);
    };
  }
}
