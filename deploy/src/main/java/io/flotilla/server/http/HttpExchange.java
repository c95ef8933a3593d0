package io.flotilla.server.http;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.QueryStringDecoder;
import io.grpc.netty.shaded.io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection, one at a time. A request that is not there as a whole in time, or
 * has a body, ends the connection: however slowly its bytes trickle in, they hold up nobody.
 * Confined to the event loop.
 */
final class HttpExchange extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  private final Map<String, HttpPage> pages;
  private final Duration patience;
  private boolean answering;
  private @Nullable HttpRequest request;
  private @Nullable ScheduledFuture<?> end;

  HttpExchange(Map<String, HttpPage> pages, Duration patience) {
    this.pages = pages;
    this.patience = patience;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    await(context);
  }

  /** A request is to be there, and its answer to be taken, within the patience. */
  private void await(ChannelHandlerContext context) {
    end =
        context
            .executor()
            .schedule(() -> context.close(), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stopWaiting();
  }

  private void stopWaiting() {
    if (end != null) {
      end.cancel(false);
      end = null;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part instanceof HttpRequest head) {
      if (answering) {
        context.close(); // it was sent before its turn, and would be answered beside the first
        return;
      }
      request = head;
    }
    HttpRequest asked = request;
    if (asked == null) {
      return; // what comes after a request that was refused
    }
    boolean broken = part.decoderResult().isFailure();
    boolean hasBody = part instanceof HttpContent content && content.content().isReadable();
    if (broken || hasBody) {
      request = null;
      int status = hasBody ? HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE.code() : 400;
      String text = hasBody ? "no body is wanted\n" : "the request is not HTTP, or too large\n";
      write(context, asked, HttpAnswer.text(status, text), false);
    } else if (part instanceof LastHttpContent) {
      request = null;
      answering = true;
      context.channel().config().setAutoRead(false); // the next one waits for this answer
      answer(context, asked);
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest asked) {
    var unused =
        answer(asked)
            .exceptionally(
                failure -> {
                  LOG.warn("no answer to an HTTP request", failure);
                  return HttpAnswer.text(500, "the answer failed, see the log\n");
                })
            .thenAcceptAsync(
                answer -> write(context, asked, answer, HttpUtil.isKeepAlive(asked)),
                context.executor());
  }

  private CompletableFuture<HttpAnswer> answer(HttpRequest asked) {
    boolean reads = asked.method().equals(HttpMethod.GET) || isHead(asked);
    if (!reads) {
      return done(HttpAnswer.text(405, "only GET and HEAD are answered here\n"));
    }
    QueryStringDecoder uri;
    String path;
    try {
      uri = new QueryStringDecoder(asked.uri());
      path = uri.path();
    } catch (IllegalArgumentException e) {
      return done(HttpAnswer.text(400, "the path cannot be read\n"));
    }
    HttpPage page = pages.get(path);
    if (page == null) {
      return done(HttpAnswer.text(404, "there are " + String.join(", ", paths()) + "\n"));
    }
    String accept = asked.headers().get(HttpHeaderNames.ACCEPT, "");
    try {
      return page.answer(new HttpQuestion(path, uri.parameters(), accept));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Iterable<String> paths() {
    return pages.keySet().stream().sorted().toList();
  }

  private static CompletableFuture<HttpAnswer> done(HttpAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private static boolean isHead(HttpRequest asked) {
    return asked.method().equals(HttpMethod.HEAD);
  }

  private void write(
      ChannelHandlerContext context, HttpRequest asked, HttpAnswer answer, boolean goesOn) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            isHead(asked) ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("X-Content-Type-Options", "nosniff");
    HttpUtil.setKeepAlive(response, goesOn);
    stopWaiting();
    answering = false;
    var written = context.writeAndFlush(response);
    if (!goesOn) {
      written.addListener(ChannelFutureListener.CLOSE);
      return;
    }
    await(context);
    context.channel().config().setAutoRead(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    LOG.debug("an HTTP connection ended", failure);
    context.close();
  }
}
