package io.flotilla.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flotilla.server.Clusters;
import io.flotilla.server.local.LocalCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example for Node.js generates its stubs, runs against a real node and prints what its README
 * says. Works on a copy under target, so that no packages come into the source tree.
 */
@Timeout(300)
class NodeExampleIT {
  private static final int NODE_VERSION = 20;
  private static final String EXAMPLE = "api/examples/node";
  private static final String CONTRACT = "api/contract/src/main/protobuf";

  /** What npm says where it cannot reach a registry. */
  private static final Pattern NO_NETWORK =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|E40[134]");

  @RegisterExtension static final Clusters CLUSTERS = new Clusters();

  private final Path copy = Path.of("target/node-example").toAbsolutePath();

  @Test
  void tourPrintsWhatItSays(@TempDir Path directory) throws Exception {
    requireNode();
    copy(EXAMPLE);
    copy(CONTRACT);
    install();
    Ended stubs = run(List.of("npm", "run", "generate"));
    assertThat(stubs.code()).as(stubs.output()).isZero();
    LocalCluster cluster = CLUSTERS.start(directory, 1);
    List<String> tour = new ArrayList<>(List.of("node", "tour.js"));
    tour.addAll(cluster.endpoints());
    Ended ended = run(tour);
    Path readme = Document.PROJECT.resolve(EXAMPLE).resolve("README.md");
    assertThat(ended.output()).isEqualTo(Document.blocks(readme, "text").get(0));
    assertThat(ended.code()).isZero();
  }

  private void requireNode() throws IOException, InterruptedException {
    Files.createDirectories(copy.resolve(EXAMPLE));
    try {
      String version = run(List.of("node", "--version")).output().strip();
      int major = Integer.parseInt(version.replaceFirst("v(\\d+).*", "$1"));
      assumeTrue(
          major >= NODE_VERSION, "the example needs Node.js " + NODE_VERSION + ", not " + version);
      Ended npm = run(List.of("npm", "--version"));
      assertThat(npm.code()).as(npm.output()).isZero();
    } catch (IOException e) {
      abort("the example needs node and npm: " + e.getMessage());
    }
  }

  private void install() throws IOException, InterruptedException {
    Ended npm =
        run(
            List.of(
                "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));
    if (npm.code() != 0 && NO_NETWORK.matcher(npm.output()).find()) {
      abort("the packages of the example are not to be had here: " + npm.output());
    }
    assertThat(npm.code()).as(npm.output()).isZero();
  }

  private void copy(String part) throws IOException {
    Path from = Document.PROJECT.resolve(part);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(each -> !isGenerated(from.relativize(each))).toList()) {
        Path to = copy.resolve(part).resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static boolean isGenerated(Path file) {
    return file.startsWith("node_modules") || file.startsWith("gen");
  }

  private record Ended(int code, String output) {}

  private Ended run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(copy, "run", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(copy.resolve(EXAMPLE).toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String text = Files.readString(output, StandardCharsets.UTF_8);
    Files.delete(output);
    assertThat(ended).as("%s ends: %s", command, text).isTrue();
    return new Ended(process.exitValue(), text);
  }
}
