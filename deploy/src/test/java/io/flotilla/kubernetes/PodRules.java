package io.flotilla.kubernetes;

import io.flotilla.kubernetes.Manifests.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the published types do not say: words of a list, bounds, and the restricted profile. */
final class PodRules {
  private static final Map<String, Set<String>> WORDS =
      Map.of(
          "podManagementPolicy", Set.of("Parallel", "OrderedReady"),
          "whenUnsatisfiable", Set.of("DoNotSchedule", "ScheduleAnyway"),
          "fsGroupChangePolicy", Set.of("OnRootMismatch", "Always"),
          "unhealthyPodEvictionPolicy", Set.of("AlwaysAllow", "IfHealthyBudget"),
          "whenDeleted", Set.of("Retain", "Delete"),
          "whenScaled", Set.of("Retain", "Delete"),
          "failurePolicy", Set.of("Fail", "Ignore"),
          "protocol", Set.of("TCP", "UDP", "SCTP"),
          "rotationPolicy", Set.of("Always", "Never"),
          "algorithm", Set.of("ECDSA", "RSA", "Ed25519"));

  private static final Set<String> PORTS = Set.of("port", "containerPort", "targetPort");

  private PodRules() {}

  /** Everything that is wrong. */
  static List<String> check(Manifests manifests) {
    List<String> problems = new ArrayList<>();
    for (Document document : manifests.documents()) {
      document.tree().walk((name, value) -> word(document, name, value.text(), problems));
    }
    for (Document workload : manifests.workloads()) {
      restricted(workload, problems);
    }
    return problems;
  }

  private static void word(Document document, String name, String text, List<String> problems) {
    Set<String> words = WORDS.get(name);
    if (words != null && !text.isEmpty() && !words.contains(text)) {
      problems.add("%s: %s cannot be '%s'".formatted(document, name, text));
    }
    if (PORTS.contains(name) && text.matches("\\d+")) {
      int port = Integer.parseInt(text);
      if (port < 1 || port > 65_535) {
        problems.add("%s: %s cannot be %s".formatted(document, name, text));
      }
    }
  }

  /** The profile that the namespace enforces, and what we ask beyond it. */
  private static void restricted(Document workload, List<String> problems) {
    Tree pod = workload.tree().at("spec.template.spec");
    Map<String, String> wanted =
        Map.of(
            "securityContext.runAsNonRoot", "true",
            "securityContext.runAsUser", "10001",
            "securityContext.seccompProfile.type", "RuntimeDefault",
            "automountServiceAccountToken", "false");
    wanted.forEach((path, value) -> expect(workload, pod, path, value, problems));
    for (Tree container : pod.field("containers").items()) {
      expect(workload, container, "securityContext.allowPrivilegeEscalation", "false", problems);
      expect(workload, container, "securityContext.readOnlyRootFilesystem", "true", problems);
      boolean dropsAll =
          container.at("securityContext.capabilities.drop").items().stream()
              .anyMatch(item -> item.text().equals("ALL"));
      if (!dropsAll || container.at("securityContext.capabilities.add").isThere()) {
        problems.add(workload + ": keeps capabilities");
      }
      for (String path :
          List.of(
              "resources.requests.cpu", "resources.requests.memory", "resources.limits.memory")) {
        if (!container.at(path).isThere()) {
          problems.add(workload + ": has no " + path);
        }
      }
    }
  }

  private static void expect(
      Document workload, Tree tree, String path, String value, List<String> problems) {
    if (!tree.at(path).text().equals(value)) {
      problems.add("%s: %s is not %s".formatted(workload, path, value));
    }
  }
}
