package io.flotilla.server.local;

import io.flotilla.cli.CommandFailure;
import io.flotilla.cli.HostPort;
import io.flotilla.server.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Nodes of one new cluster on this machine. Thread-safe. */
public final class LocalCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final List<NodeProcess> nodes;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<Void> allLost = new CompletableFuture<>();

  /**
   * Nodes node1, node2, … in a directory, one for each port; none runs yet.
   *
   * @param whenLost is told of a node that ended without being asked to
   */
  public LocalCluster(
      JavaCommand java,
      Path directory,
      List<Integer> ports,
      Map<Setting, String> settings,
      Consumer<NodeProcess> whenLost) {
    List<HostPort> addresses = ports.stream().map(port -> new HostPort(HOST, port)).toList();
    List<HostPort> join = addresses.size() > 1 ? addresses : List.of();
    this.nodes =
        IntStream.range(0, addresses.size())
            .mapToObj(i -> new NodeSpec(name(i + 1), addresses.get(i), directory, join, settings))
            .map(spec -> new NodeProcess(spec, java, node -> lost(node, whenLost)))
            .toList();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
  }

  /** Name and directory of the node with a number from 1. */
  static String name(int number) {
    return "node" + number;
  }

  private void lost(NodeProcess node, Consumer<NodeProcess> whenLost) {
    if (closing.get()) {
      return;
    }
    whenLost.accept(node);
    if (nodes.stream().noneMatch(NodeProcess::alive)) {
      allLost.complete(null);
    }
  }

  /** Starts every node. */
  public void start() {
    nodes.forEach(this::start);
  }

  /** Starts one node, again if it ran before. */
  public void start(NodeProcess node) {
    requireOpen();
    node.start();
  }

  /** The nodes, by number. */
  public List<NodeProcess> nodes() {
    return nodes;
  }

  /** The node at an address as the cluster tells it. */
  public NodeProcess at(String address) {
    return nodes.stream()
        .filter(node -> node.spec().address().toString().equals(address))
        .findFirst()
        .orElseThrow(() -> new CommandFailure("NODE", "no local node is at " + address));
  }

  /** Where clients connect. */
  public List<String> endpoints() {
    return nodes.stream().map(node -> node.spec().address().toString()).toList();
  }

  /** Completes once no node runs any more although nobody stopped them. */
  public CompletableFuture<Void> allLost() {
    return allLost;
  }

  /** Fails with the log's last line if a node does not run. */
  public void requireAlive() {
    requireOpen();
    for (NodeProcess node : nodes) {
      if (!node.alive()) {
        throw new CommandFailure("START", describeEnd(node));
      }
    }
  }

  private void requireOpen() {
    if (closing.get()) {
      throw new CommandFailure("STOPPED", "stopped before all nodes were up");
    }
  }

  /** How a node ended, in one line. */
  public static String describeEnd(NodeProcess node) {
    String code = node.exitCode().isPresent() ? "exit code " + node.exitCode().getAsInt() : "?";
    String last = String.join(" ", node.lastLines(1));
    return "%s ended with %s: %s".formatted(node, code, last.isEmpty() ? "no output" : last);
  }

  /** Stops all nodes at the same time, gracefully. A second caller waits for the first. */
  @Override
  public void close() {
    boolean first = closing.compareAndSet(false, true);
    try {
      if (!first) {
        closed.await();
        return;
      }
      nodes.forEach(NodeProcess::requestStop);
      for (NodeProcess node : nodes) {
        node.stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (first) {
        closed.countDown();
      }
    }
  }
}
