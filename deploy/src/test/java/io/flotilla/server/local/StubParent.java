package io.flotilla.server.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts a stub node, says its process id, and goes on until it is killed. */
final class StubParent {
  private StubParent() {}

  public static void main(String[] arguments) {
    JavaCommand java =
        new JavaCommand(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            List.of("-Xmx64m"),
            StubNode.class.getName());
    LocalCluster cluster =
        new LocalCluster(java, Path.of(arguments[0]), List.of(1), Map.of(), node -> {});
    cluster.start();
    System.out.println(cluster.nodes().get(0).pid().orElseThrow());
    cluster.allLost().join();
  }
}
