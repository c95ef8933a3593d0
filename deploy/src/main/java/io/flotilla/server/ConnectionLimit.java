package io.flotilla.server;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections beyond a number before they make a call. Those that are still introducing
 * themselves do not count: they have a time limit. Thread-safe.
 */
final class ConnectionLimit extends ServerTransportFilter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);
  private static final Attributes.Key<Boolean> ADMITTED = Attributes.Key.create("admitted");

  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionLimit(int most) {
    this.most = most;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      LOG.debug("refused a connection: there are {} already", most);
      String reason = "too many connections to this server";
      // The cause is what HTTP/2 tells the other side before it closes the connection.
      throw new IllegalStateException(
          reason, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, reason));
    }
    return attributes.toBuilder().set(ADMITTED, true).build();
  }

  @Override
  public void transportTerminated(@Nullable Attributes attributes) {
    // None at all: it ended before it was ready.
    if (attributes != null && attributes.get(ADMITTED) != null) {
      open.decrementAndGet();
    }
  }
}
