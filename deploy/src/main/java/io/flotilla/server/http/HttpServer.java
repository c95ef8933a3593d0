package io.flotilla.server.http;

import io.flotilla.cli.HostPort;
import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.group.ChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.group.DefaultChannelGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContentCompressor;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.timeout.WriteTimeoutHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Answers GET and HEAD at an address, on one event loop. Any thread. */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final long CLOSE_MILLIS = 1_000;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("http", true), NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<String, HttpPage> pages;
  private final HttpConfig config;

  private HttpServer(Map<String, HttpPage> pages, HttpConfig config) {
    this.pages = Map.copyOf(pages);
    this.config = config;
  }

  /**
   * Binds the address and begins to answer.
   *
   * @param pages by path
   * @throws IOException if the address cannot be bound; says why
   */
  public static HttpServer start(HostPort address, Map<String, HttpPage> pages) throws IOException {
    return start(address, pages, HttpConfig.defaults());
  }

  static HttpServer start(HostPort address, Map<String, HttpPage> pages, HttpConfig config)
      throws IOException {
    HttpServer server = new HttpServer(pages, config);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(server.loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(server.new Connection())
            .bind(new InetSocketAddress(address.host(), address.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      server.close();
      throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    server.connections.add(bound.channel());
    return server;
  }

  @Override
  public void close() {
    connections.close().awaitUninterruptibly(CLOSE_MILLIS);
    boolean unused =
        loop.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(CLOSE_MILLIS);
  }

  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (connections.size() > config.maxConnections()) {
        channel.close();
        return;
      }
      connections.add(channel);
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(
                  config.maxLineBytes(), config.maxHeaderBytes(), config.maxLineBytes()),
              new HttpContentCompressor(),
              new WriteTimeoutHandler(config.patience().toMillis(), TimeUnit.MILLISECONDS),
              new HttpExchange(pages, config.patience()));
    }
  }
}
