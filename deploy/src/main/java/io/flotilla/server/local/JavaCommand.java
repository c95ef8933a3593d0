package io.flotilla.server.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start this program again in another process.
 *
 * @param java the executable
 * @param classPath where its classes are
 * @param options of the JVM
 * @param mainClass that understands {@code flotilla}'s commands
 */
public record JavaCommand(Path java, String classPath, List<String> options, String mainClass) {
  /** The class that the jar runs. */
  public static final String MAIN = "io.flotilla.server.Main";

  /** The Java and the classes of this process, with options for a small node. */
  public static JavaCommand current(Map<String, String> environment) {
    return new JavaCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        JvmOptions.local(Runtime.version().feature(), environment),
        MAIN);
  }

  /** The words that run a {@code flotilla} command. */
  List<String> words(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(java.toString());
    words.addAll(options);
    words.add("-cp");
    words.add(classPath);
    words.add(mainClass);
    words.addAll(arguments);
    return words;
  }
}
