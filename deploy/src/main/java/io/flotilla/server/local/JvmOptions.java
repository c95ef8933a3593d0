package io.flotilla.server.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** JVM options of a node that is started without {@code bin/flotilla}. Pure functions. */
public final class JvmOptions {
  /** Variable with the user's options, as in {@code bin/flotilla}. */
  public static final String VARIABLE = "FLOTILLA_JAVA_OPTS";

  private static final int FIRST_WITH_NATIVE_WARNINGS = 24;

  private JvmOptions() {}

  /** What LMDB needs of a Java version; the manifest says the same, but only for {@code -jar}. */
  public static List<String> required(int javaVersion) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--add-opens",
                "java.base/java.nio=ALL-UNNAMED",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "-XX:+ExitOnOutOfMemoryError"));
    if (javaVersion >= FIRST_WITH_NATIVE_WARNINGS) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return List.copyOf(options);
  }

  /** For several nodes on one machine: required, then small, then what the user asked for. */
  public static List<String> local(int javaVersion, Map<String, String> environment) {
    List<String> options = new ArrayList<>(required(javaVersion));
    options.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto"));
    Arrays.stream(environment.getOrDefault(VARIABLE, "").trim().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .forEach(options::add);
    return List.copyOf(options);
  }
}
