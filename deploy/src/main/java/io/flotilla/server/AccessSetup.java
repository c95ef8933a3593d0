package io.flotilla.server;

import io.flotilla.server.access.AccessControl;
import io.flotilla.server.access.AccessException;
import io.flotilla.server.access.AuditFile;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.shard.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Reads who may do what, as the configuration says. */
final class AccessSetup {
  private AccessSetup() {}

  /**
   * Empty: everybody may do everything.
   *
   * @throws ServerStartException with what is wrong with the file
   */
  static Optional<AccessControl> of(ServerConfig.Security security) {
    if (security.access().isEmpty()) {
      return Optional.empty();
    }
    LongSupplier wallMillis = Clock.SYSTEM::wallMillis;
    try {
      return Optional.of(
          AccessControl.load(
              security.access().get(), wallMillis, new AuditFile(security.auditLog(), wallMillis)));
    } catch (AccessException e) {
      throw new ServerStartException("access: " + e.getMessage(), e);
    }
  }
}
