package io.flotilla.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The documents of an overlay, as they go to a cluster. */
record Manifests(List<Document> documents) {
  private static final Path DIRECTORY = Path.of("kubernetes");

  /** One object of Kubernetes. */
  record Document(JsonObject json) {
    Tree tree() {
      return Tree.of(json);
    }

    String kind() {
      return tree().field("kind").text();
    }

    String name() {
      return tree().at("metadata.name").text();
    }

    @Override
    public String toString() {
      return kind() + " " + name();
    }
  }

  /** What kustomize makes of a directory; where there is no kubectl, the test is skipped. */
  static String render(String directory) throws IOException, InterruptedException {
    Process kubectl;
    try {
      kubectl =
          new ProcessBuilder("kubectl", "kustomize", DIRECTORY.resolve(directory).toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      Assumptions.abort("there is no kubectl to render the manifests: " + e.getMessage());
      throw e;
    }
    String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!kubectl.waitFor(60, TimeUnit.SECONDS) || kubectl.exitValue() != 0) {
      throw new IllegalStateException("kubectl kustomize " + directory + " failed");
    }
    return text;
  }

  /**
   * Reads YAML.
   *
   * @throws RuntimeException if it is none, or a key is there twice
   */
  static Manifests parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Gson gson = new Gson();
    List<Document> documents = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
      documents.add(new Document(gson.toJsonTree(document).getAsJsonObject()));
    }
    return new Manifests(documents);
  }

  Stream<Document> ofKind(String kind) {
    return documents.stream().filter(document -> document.kind().equals(kind));
  }

  Optional<Document> find(String kind, String name) {
    return ofKind(kind).filter(document -> document.name().equals(name)).findFirst();
  }

  /** What makes pods. */
  List<Document> workloads() {
    return Stream.concat(ofKind("StatefulSet"), ofKind("Deployment")).toList();
  }
}
