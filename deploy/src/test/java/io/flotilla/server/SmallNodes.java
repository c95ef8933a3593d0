package io.flotilla.server;

import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.JvmOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How tests start nodes: from the built jar, with small heaps, quick to be there. */
public final class SmallNodes {
  private SmallNodes() {}

  /**
   * Starts nodes from this jar.
   *
   * @throws IllegalStateException if it was not built
   */
  public static JavaCommand of(Path jar) {
    List<String> options = new ArrayList<>(JvmOptions.required(Runtime.version().feature()));
    options.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: it is there after 'package'");
    }
    return new JavaCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        jar.toString(),
        options,
        JavaCommand.MAIN);
  }
}
