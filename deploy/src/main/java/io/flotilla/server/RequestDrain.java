package io.flotilla.server;

import io.flotilla.router.gateway.GatewayServices;
import io.grpc.Server;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a port so that no call that came in is left without its answer. */
final class RequestDrain {
  /** For answers that are written and have not left. */
  private static final long LAST_BYTES_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(RequestDrain.class);

  private RequestDrain() {}

  /**
   * Takes no connection any more, tells clients to go elsewhere, waits for the answers to what was
   * read, and ends all connections.
   *
   * @param gateway what is under way; null: nothing can be
   * @param grace how long to wait for answers
   */
  static void end(Server port, @Nullable GatewayServices gateway, Duration grace) {
    port.shutdown();
    try {
      if (gateway != null) {
        gateway.drain().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        var unused = port.awaitTermination(LAST_BYTES_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException e) {
      LOG.warn("{} calls were ended before their answer", gateway.openRequests());
    } catch (ExecutionException e) {
      LOG.warn("calls were ended before their answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      port.shutdownNow();
    }
  }
}
