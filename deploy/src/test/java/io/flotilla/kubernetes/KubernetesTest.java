package io.flotilla.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.error.YAMLException;

@Timeout(120)
class KubernetesTest {
  private static final StrictTypes TYPES = new StrictTypes();
  private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"trial", "three-nodes", "zones", "monitored"})
  void overlay_isWhatKubernetesTakes(String overlay) throws Exception {
    String text = rendered(overlay);
    assertThat(problems(text)).isEmpty();
    assertThat(Manifests.parse(text).documents())
        .extracting(Manifests.Document::kind)
        .contains("StatefulSet", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "ConfigMap")
        .contains("Service", "HorizontalPodAutoscaler", "ServiceAccount", "Namespace");
  }

  /**
   * A mistake.
   *
   * @param part of what is right
   * @param instead what stands there by mistake
   * @param problem part of what is said about it
   */
  record Broken(String part, String instead, String problem) {}

  static Stream<Broken> broken() {
    return Stream.of(wrongTypes(), wrongWords(), wrongReferences(), wrongSettings())
        .flatMap(List::stream);
  }

  /** Names of fields, kinds and versions; types; what is required. */
  private static List<Broken> wrongTypes() {
    return List.of(
        new Broken("podManagementPolicy:", "podManagmentPolicy:", "podManagmentPolicy"),
        new Broken("mountPath: /data", "mountpath: /data", "mountpath"),
        new Broken("replicas: 3", "replicas: three", "\"three\""),
        new Broken("periodSeconds: 3\n", "periodSeconds: [3]\n", "Expected"),
        new Broken("interval: 15s", "intervall: 15s", "no such field as intervall"),
        new Broken("storage: 50Gi", "storage: 50GiB", "Could not parse suffix"),
        new Broken("policy/v1", "policy/v1beta1", "there is no kind policy/v1beta1"),
        new Broken(
            "kind: StatefulSet", "kind: StatefulSets", "there is no kind apps/v1 StatefulSets"));
  }

  /** Words and bounds. */
  private static List<Broken> wrongWords() {
    return List.of(
        new Broken(
            "podManagementPolicy: Parallel", "podManagementPolicy: Paralel", "cannot be 'Paralel'"),
        new Broken("containerPort: 8001", "containerPort: 99090", "containerPort cannot be 99090"),
        new Broken("runAsNonRoot: true", "runAsNonRoot: false", "runAsNonRoot is not true"),
        new Broken(
            "readOnlyRootFilesystem: true",
            "readOnlyRootFilesystem: false",
            "Filesystem is not true"));
  }

  /** What leads nowhere. */
  private static List<Broken> wrongReferences() {
    return List.of(
        new Broken(
            "serviceName: flotilla-peers", "serviceName: flotilla-peer", "for its serviceName"),
        new Broken(
            "publishNotReadyAddresses: true",
            "publishNotReadyAddresses: false",
            "for its serviceName"),
        new Broken(
            "          name: flotilla-nodes\n",
            "          name: flotilla-node\n",
            "uses the ConfigMap"),
        new Broken(
            "serviceAccountName: flotilla\n",
            "serviceAccountName: flotila\n",
            "service account 'flotila'"),
        new Broken(
            "port: http\n          periodSeconds: 10",
            "port: htp\n          periodSeconds: 10",
            "asks a port 'htp'"),
        new Broken(
            "kind: Deployment\n    name: f",
            "kind: Deployment\n    name: x",
            "scales what is not there"),
        new Broken(
            "/tmp\n          name: tmp", "/tmp\n          name: tpm", "has 'tpm' as a volume"),
        new Broken("targetPort: http", "targetPort: https", "leads to a port 'https'"),
        new Broken("- port: client", "- port: klient", "leads to a port 'klient'"),
        new Broken(
            "policyName: flotilla-scale-in",
            "policyName: other",
            "uses the ValidatingAdmissionPolicy other"),
        new Broken(
            "      - flotilla\n      - flotilla-a",
            "      - flotilla-a",
            "is not guarded against scaling in"));
  }

  /** What the programs make of it. */
  private static List<Broken> wrongSettings() {
    return List.of(
        new Broken(
            "FLOTILLA_HTTP_LISTEN",
            "FLOTILLA_HTTP_LISTN",
            "FLOTILLA_HTTP_LISTN is no setting of a"),
        new Broken("log-format: json", "log-fromat: json", "log-fromat"),
        new Broken("log-level: info", "log-level: loud", "'loud'"),
        new Broken("shutdown-grace: 30s", "shutdown-grace: 2m", "s to stop and has 90 s"),
        new Broken("state-size: 36GiB", "state-size: 60GiB", "may fill more than its volume"),
        new Broken("flotilla-2.flotilla-peers", "flotilla-3.flotilla-peers", "is no pod of a set"),
        new Broken(
            "value: flotilla.$(POD", "value: flotila.$(POD", "of a service that is not there"),
        new Broken("$(POD_NAME).", "$(PODNAME).", "uses the variable PODNAME"));
  }

  @ParameterizedTest
  @MethodSource
  void broken(Broken copy) throws Exception {
    String text = rendered("monitored");
    assertThat(text).contains(copy.part());
    assertThat(problems(text.replace(copy.part(), copy.instead())))
        .anyMatch(problem -> problem.contains(copy.problem()));
  }

  @Test
  void alerts_areThoseOfPrometheus() throws Exception {
    Tree alerts = read("monitoring/alerts.yaml");
    Tree rule = read("kubernetes/components/monitoring/rules.yaml");
    assertThat(rule.at("spec.groups")).isEqualTo(alerts.field("groups"));
    assertThat(alerts.field("groups").items()).isNotEmpty();
  }

  private static Tree read(String file) throws IOException {
    return Manifests.parse(Files.readString(Path.of(file))).documents().get(0).tree();
  }

  @Test
  void selectorThatMissesItsPods_isFound() throws Exception {
    String text = rendered("monitored");
    String selector = "  selector:\n    matchLabels:\n      app.kubernetes.io/component: node\n";
    assertThat(text).contains(selector);
    String broken = text.replace(selector, selector.replace("component: node", "component: nod"));
    assertThat(problems(broken)).anyMatch(problem -> problem.contains("selects"));
  }

  @Test
  void keyThatIsThereTwice_isFound() throws Exception {
    String text =
        rendered("monitored").replace("  replicas: 3\n", "  replicas: 3\n  replicas: 3\n");
    assertThat(problems(text)).anyMatch(problem -> problem.contains("duplicate key replicas"));
  }

  private static String rendered(String overlay) throws Exception {
    String known = RENDERED.get(overlay);
    if (known != null) {
      return known;
    }
    String text = Manifests.render("overlays/" + overlay);
    RENDERED.put(overlay, text);
    return text;
  }

  private List<String> problems(String text) {
    Manifests manifests;
    try {
      manifests = Manifests.parse(text);
    } catch (YAMLException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    List<String> problems = new ArrayList<>();
    for (Manifests.Document document : manifests.documents()) {
      TYPES.check(document).ifPresent(what -> problems.add(document + ": " + what));
    }
    if (problems.isEmpty()) {
      problems.addAll(PodRules.check(manifests));
      problems.addAll(References.check(manifests));
      problems.addAll(TemplateSettings.check(manifests, directory));
    }
    return problems;
  }
}
