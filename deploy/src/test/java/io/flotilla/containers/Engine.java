package io.flotilla.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The container engine of this machine, if there is one. */
final class Engine {
  /** Where an engine listens that nobody had to name. */
  private static final Path USUAL_SOCKET = Path.of("/var/run/docker.sock");

  private static final Path DOCKERFILE = Path.of("Dockerfile").toAbsolutePath();

  private final DockerClient client;

  private Engine(DockerClient client) {
    this.client = client;
  }

  /** The engine; where there is none, the test is skipped. */
  static Engine require() {
    // Looked at first: without an engine the library searches for long, and says much.
    boolean named = System.getenv("DOCKER_HOST") != null;
    Assumptions.assumeTrue(
        named || Files.exists(USUAL_SOCKET),
        "no container engine: DOCKER_HOST is not set and there is no " + USUAL_SOCKET);
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no container engine: none answers at " + System.getenv().getOrDefault("DOCKER_HOST", ""));
    return new Engine(DockerClientFactory.lazyClient());
  }

  DockerClient client() {
    return client;
  }

  /** Builds the image; where its base cannot be had, the test is skipped. */
  String buildImage() {
    Optional<String> base = Optional.ofNullable(System.getenv("TEST_IMAGE_BASE"));
    requireBase(base.orElseGet(Engine::shippedBase));
    ImageFromDockerfile image =
        new ImageFromDockerfile("flotilla-under-test", false).withDockerfile(DOCKERFILE);
    image.withBuildArgs(base.map(name -> Map.of("BASE", name)).orElse(Map.of()));
    return image.get();
  }

  /** What the Dockerfile names as the default of its argument BASE. */
  static String shippedBase() {
    try {
      return Files.readAllLines(DOCKERFILE).stream()
          .filter(line -> line.startsWith("ARG BASE="))
          .map(line -> line.substring("ARG BASE=".length()))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void requireBase(String base) {
    try {
      var unused = client.inspectImageCmd(base).exec();
    } catch (NotFoundException absent) {
      pull(base);
    }
  }

  private void pull(String base) {
    try {
      var unused = client.pullImageCmd(base).start().awaitCompletion();
    } catch (DockerException e) {
      Assumptions.abort("the base image " + base + " cannot be had: " + e.getMessage());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
