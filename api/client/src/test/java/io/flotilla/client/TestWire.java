package io.flotilla.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A wire to a server that can be cut, or jammed so that nothing more comes through. */
final class TestWire implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean jammed;
  private boolean closed;

  /** To the port; 0: takes connections and leads nowhere. */
  TestWire(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** In front of a node, whose clients from now on get there by this wire. */
  static TestWire before(FakeNode node) throws IOException {
    String listens = node.listens();
    TestWire wire = new TestWire(Integer.parseInt(listens.substring(listens.indexOf(':') + 1)));
    node.advertised = wire.address();
    return wire;
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on nothing is read from either side; connections are taken and stay. */
  void jam(boolean on) {
    lock.lock();
    try {
      jammed = on;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all connections; new ones are taken. */
  void cut() {
    sockets.forEach(TestWire::close);
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listener.accept();
        sockets.add(from);
        start(() -> connect(from));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void connect(Socket from) {
    try {
      if (!isOpen() || target == 0) {
        return;
      }
      Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(to);
      start(() -> copy(from, to));
      copy(to, from);
    } catch (IOException e) {
      close(from);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] buffer = new byte[8_192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (isOpen()) {
        int length = in.read(buffer);
        if (length < 0) {
          break;
        }
        if (isOpen()) {
          out.write(buffer, 0, length);
        }
      }
    } catch (IOException e) {
      // The other side is told below.
    }
    close(from);
    close(to);
  }

  /** Waits while it is jammed; false: closed. */
  private boolean isOpen() {
    lock.lock();
    try {
      while (jammed && !closed) {
        changed.awaitUninterruptibly();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "test-wire");
    thread.setDaemon(true);
    thread.start();
  }
}
