package io.flotilla.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A seed gives the same trace in every JVM. What hangs on the address or the hash of an object, on
 * the order of a hash table or on a version of Java shows here, and nowhere inside one process.
 */
@Timeout(300)
class TraceAcrossJvmsTest {
  private static final int FIRST = 2_000;
  private static final int SEEDS = 12;
  private static final Path INSTALLED = Path.of("/usr/lib/jvm");

  @Test
  void sameSeedGivesTheSameTrace() throws Exception {
    List<String> here = new ArrayList<>();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      here.add(
          "seed %d: trace %016x"
              .formatted(seed, SeedResult.of(seed, new Coverage(), false).traceHash()));
    }
    Map<String, Path> javas = javas();
    for (Map.Entry<String, Path> java : javas.entrySet()) {
      assertThat(traces(java.getValue())).as("Java of " + java.getKey()).isEqualTo(here);
    }
    System.out.println("same traces with the Java of " + javas.keySet());
  }

  /** The Java that runs this test, and each other one of 17 or newer that is installed here. */
  private static Map<String, Path> javas() throws Exception {
    Map<String, Path> javas = new TreeMap<>();
    add(javas, Path.of(System.getProperty("java.home")));
    System.getenv()
        .forEach(
            (name, home) -> {
              if (name.startsWith("JAVA_HOME")) {
                add(javas, Path.of(home));
              }
            });
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> homes = Files.list(INSTALLED)) {
        homes.forEach(home -> add(javas, home));
      }
    }
    return javas;
  }

  private static void add(Map<String, Path> javas, Path home) {
    try {
      Path java = home.resolve("bin/java");
      Path release = home.resolve("release");
      if (!Files.isExecutable(java) || !Files.isReadable(release)) {
        return;
      }
      String version =
          Files.readAllLines(release).stream()
              .filter(line -> line.startsWith("JAVA_VERSION="))
              .map(line -> line.replaceAll("[^0-9.]", ""))
              .findFirst()
              .orElse("0");
      if (Integer.parseInt(version.replaceAll("\\..*", "")) >= 17) {
        javas.put(home.toRealPath().toString(), java);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> traces(Path java) throws Exception {
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.flotilla.sim.SimulateMain",
                "--hashes",
                "--seeds",
                FIRST + ".." + (FIRST + SEEDS - 1))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().filter(line -> line.startsWith("seed ")).toList();
  }
}
