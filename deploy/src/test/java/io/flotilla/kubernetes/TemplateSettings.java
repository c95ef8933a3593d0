package io.flotilla.kubernetes;

import io.flotilla.kubernetes.Manifests.Document;
import io.flotilla.server.config.ConfigException;
import io.flotilla.server.config.ConfigReader;
import io.flotilla.server.config.Program;
import io.flotilla.server.config.ServerConfig;
import io.flotilla.server.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What pods tell the programs in them, read as the programs read it. */
final class TemplateSettings {
  private static final String NAMESPACE = "flotilla";
  private static final int CORES = 4;

  /** The name of a pod of a set, or of a service, within the cluster. */
  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?<set>[a-z-]+)-(?<ordinal>\\d+)\\.)?" + "(?<service>[a-z-]+)\\.flotilla\\.svc");

  private final Manifests manifests;
  private final Path directory;
  private final List<String> problems = new ArrayList<>();

  private TemplateSettings(Manifests manifests, Path directory) {
    this.manifests = manifests;
    this.directory = directory;
  }

  /** Everything that is wrong; files are written to the directory. */
  static List<String> check(Manifests manifests, Path directory) {
    TemplateSettings settings = new TemplateSettings(manifests, directory);
    manifests.workloads().forEach(settings::workload);
    return settings.problems;
  }

  private void problem(Document workload, String what) {
    problems.add(workload + ": " + what);
  }

  private void workload(Document workload) {
    Tree container = workload.tree().at("spec.template.spec.containers").items().get(0);
    List<String> arguments = container.field("args").items().stream().map(Tree::text).toList();
    Program program = Program.valueOf(arguments.get(0).toUpperCase(Locale.ROOT));
    Map<String, String> environment = Variables.of(container, workload.name() + "-0", NAMESPACE);
    Set<String> known =
        Arrays.stream(Setting.values())
            .filter(program.settings()::contains)
            .map(Setting::variable)
            .collect(Collectors.toSet());
    environment.keySet().stream()
        .filter(name -> name.startsWith("FLOTILLA_") && !known.contains(name))
        .forEach(name -> problem(workload, name + " is no setting of a " + program.command()));
    try {
      ServerConfig config =
          ConfigReader.read(
                  program, Map.of(), environment, Optional.of(file(workload, arguments)), CORES)
              .config();
      addresses(workload, config);
      times(workload, container, config);
      sizes(workload, config);
    } catch (ConfigException e) {
      e.problems().forEach(what -> problem(workload, what));
    }
  }

  /** The file that {@code --config} names, out of its ConfigMap. */
  private Path file(Document workload, List<String> arguments) {
    Path inPod = Path.of(arguments.get(arguments.indexOf("--config") + 1));
    String map =
        workload.tree().at("spec.template.spec.volumes").items().stream()
            .map(volume -> volume.at("configMap.name").text())
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElseThrow();
    String text =
        manifests
            .find("ConfigMap", map)
            .map(found -> found.tree().field("data").field(inPod.getFileName().toString()).text())
            .orElse("");
    try {
      return Files.writeString(directory.resolve(workload.name() + ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void addresses(Document workload, ServerConfig config) {
    host(workload, config.network().advertise().host());
    config.network().join().forEach(address -> host(workload, address.host()));
  }

  private void host(Document workload, String host) {
    Matcher parts = HOST.matcher(host);
    if (!parts.matches()) {
      problem(workload, host + " is no name of this cluster");
      return;
    }
    String service = parts.group("service");
    if (manifests.find("Service", service).isEmpty()) {
      problem(workload, host + " is of a service that is not there");
    }
    String set = parts.group("set");
    if (set == null) {
      return;
    }
    Tree spec =
        manifests
            .find("StatefulSet", set)
            .map(found -> found.tree().field("spec"))
            .orElse(Tree.of(workload.json()));
    boolean exists =
        spec.field("serviceName").text().equals(service)
            && Integer.parseInt(parts.group("ordinal"))
                < Integer.parseInt("0" + spec.field("replicas").text());
    if (!exists) {
      problem(workload, host + " is no pod of a set");
    }
  }

  /** The pod is killed when its time is over, whatever is still under way. */
  private void times(Document workload, Tree container, ServerConfig config) {
    List<Tree> sleep = container.at("lifecycle.preStop.exec.command").items();
    Duration wait = Duration.ofSeconds(Long.parseLong(sleep.get(1).text()));
    Tree pod = workload.tree().at("spec.template.spec");
    long grace = Long.parseLong(pod.field("terminationGracePeriodSeconds").text());
    // Once for the hand-over of leaders, once for calls under way, and some for closing the store.
    int parts = workload.kind().equals("StatefulSet") ? 2 : 1;
    Duration needed = wait.plus(config.shutdownGrace().multipliedBy(parts)).plusSeconds(15);
    if (needed.toSeconds() > grace) {
      problem(workload, "needs %d s to stop and has %d s".formatted(needed.toSeconds(), grace));
    }
  }

  private void sizes(Document workload, ServerConfig config) {
    for (Tree claim : workload.tree().at("spec.volumeClaimTemplates").items()) {
      String storage = claim.at("spec.resources.requests.storage").text();
      long bytes = Long.parseLong(storage.replace("Gi", "")) << 30;
      long needed = config.storage().journalBytes() + config.storage().stateBytes();
      if (needed > bytes) {
        problem(workload, "may fill more than its volume of " + storage);
      }
    }
  }
}
