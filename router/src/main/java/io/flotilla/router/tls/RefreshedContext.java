package io.flotilla.router.tls;

import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * A server's context that is another one after its source has changed. Sessions do not outlive a
 * change, so nobody resumes what would be refused now.
 *
 * @param <S> the source
 */
final class RefreshedContext<S> extends SslContext {
  private final Supplier<S> source;
  private final Function<S, SslContext> maker;
  private volatile Made<S> made;

  private record Made<S>(S from, SslContext context) {}

  RefreshedContext(Supplier<S> source, Function<S, SslContext> maker) {
    this.source = source;
    this.maker = maker;
    S now = source.get();
    this.made = new Made<>(now, maker.apply(now));
  }

  private SslContext current() {
    S now = source.get();
    Made<S> last = made;
    if (last.from() == now) {
      return last.context();
    }
    SslContext next = maker.apply(now);
    made = new Made<>(now, next);
    return next;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public List<String> cipherSuites() {
    return current().cipherSuites();
  }

  @Override
  @SuppressWarnings("deprecation") // The method of the class above says so itself.
  public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
    return current().applicationProtocolNegotiator();
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator) {
    return current().newEngine(allocator);
  }

  @Override
  public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
    return current().newEngine(allocator, peerHost, peerPort);
  }

  @Override
  public SSLSessionContext sessionContext() {
    return current().sessionContext();
  }
}
