package io.flotilla.kubernetes;

import com.google.gson.JsonObject;
import io.flotilla.kubernetes.Manifests.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What documents say of each other, and their parts of other parts: nothing may lead nowhere. */
final class References {
  private final Manifests manifests;
  private final List<String> problems = new ArrayList<>();

  private References(Manifests manifests) {
    this.manifests = manifests;
  }

  /** Everything that leads nowhere. */
  static List<String> check(Manifests manifests) {
    References references = new References(manifests);
    references.names();
    manifests.workloads().forEach(references::workload);
    manifests.ofKind("StatefulSet").forEach(references::statefulSet);
    manifests.ofKind("Service").forEach(references::service);
    manifests.ofKind("HorizontalPodAutoscaler").forEach(references::autoscaler);
    manifests.ofKind("PodDisruptionBudget").forEach(references::budget);
    manifests.ofKind("NetworkPolicy").forEach(references::networkPolicy);
    manifests.ofKind("ValidatingAdmissionPolicyBinding").forEach(references::binding);
    manifests.ofKind("Certificate").forEach(references::certificate);
    manifests.ofKind("Issuer").forEach(references::issuer);
    manifests.ofKind("ServiceMonitor").forEach(references::monitor);
    return references.problems;
  }

  private void problem(Document document, String what) {
    problems.add(document + " " + what);
  }

  private void names() {
    Set<String> seen = new HashSet<>();
    for (Document document : manifests.documents()) {
      if (!seen.add(document.toString())) {
        problem(document, "is there twice");
      }
      Tree namespace = document.tree().at("metadata.namespace");
      if (namespace.isThere() && manifests.find("Namespace", namespace.text()).isEmpty()) {
        problem(document, "is in no namespace of these");
      }
    }
  }

  private static Tree pod(Document workload) {
    return workload.tree().at("spec.template");
  }

  private static boolean selects(Map<String, String> selector, Document workload) {
    return pod(workload).at("metadata.labels").texts().entrySet().containsAll(selector.entrySet());
  }

  private List<Document> selected(Map<String, String> selector) {
    return manifests.workloads().stream().filter(workload -> selects(selector, workload)).toList();
  }

  private void workload(Document workload) {
    Map<String, String> selector = workload.tree().at("spec.selector.matchLabels").texts();
    if (!selects(selector, workload)) {
      problem(workload, "selects other pods than its own: " + selector);
    }
    if (selected(selector).size() > 1) {
      problem(workload, "selects pods of another set as well: " + selector);
    }
    String account = pod(workload).at("spec.serviceAccountName").text();
    if (manifests.find("ServiceAccount", account).isEmpty()) {
      problem(workload, "runs as the service account '" + account + "', which is not there");
    }
    volumes(workload);
    for (Tree container : pod(workload).at("spec.containers").items()) {
      probes(workload, container);
      variables(workload, container);
    }
    for (Tree spread : pod(workload).at("spec.topologySpreadConstraints").items()) {
      pods(workload, spread.at("labelSelector.matchLabels"));
    }
    for (Tree term :
        pod(workload)
            .at("spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution")
            .items()) {
      pods(workload, term.at("labelSelector.matchLabels"));
    }
  }

  private void pods(Document document, Tree selector) {
    if (selected(selector.texts()).isEmpty()) {
      problem(document, "selects no pod: " + selector.texts());
    }
  }

  private void volumes(Document workload) {
    Set<String> volumes = new HashSet<>();
    for (Tree volume : pod(workload).at("spec.volumes").items()) {
      volumes.add(volume.field("name").text());
      source(workload, volume.at("configMap.name"), "ConfigMap");
      String secret = volume.at("secret.secretName").text();
      if (!secret.isEmpty() && !secrets().contains(secret)) {
        problem(workload, "mounts the secret " + secret + ", which nothing makes");
      }
    }
    for (Tree claim : workload.tree().at("spec.volumeClaimTemplates").items()) {
      volumes.add(claim.at("metadata.name").text());
    }
    Set<String> mounted =
        pod(workload).at("spec.containers").items().stream()
            .flatMap(container -> container.field("volumeMounts").items().stream())
            .map(mount -> mount.field("name").text())
            .collect(Collectors.toSet());
    Stream.concat(volumes.stream(), mounted.stream())
        .filter(name -> !volumes.contains(name) || !mounted.contains(name))
        .distinct()
        .forEach(name -> problem(workload, "has '" + name + "' as a volume or mount, not as both"));
  }

  private Set<String> secrets() {
    return manifests
        .ofKind("Certificate")
        .map(certificate -> certificate.tree().at("spec.secretName").text())
        .collect(Collectors.toSet());
  }

  private void source(Document document, Tree name, String kind) {
    if (name.isThere() && manifests.find(kind, name.text()).isEmpty()) {
      problem(document, "uses the " + kind + " " + name.text() + ", which is not there");
    }
  }

  private static Map<String, String> ports(Tree container) {
    Map<String, String> ports = new HashMap<>();
    for (Tree port : container.field("ports").items()) {
      ports.put(port.field("name").text(), port.field("containerPort").text());
    }
    return ports;
  }

  private static Set<String> portNames(Document workload) {
    return pod(workload).at("spec.containers").items().stream()
        .flatMap(container -> ports(container).keySet().stream())
        .collect(Collectors.toSet());
  }

  private void probes(Document workload, Tree container) {
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      Tree port = container.at(probe + ".httpGet.port");
      if (!port.isThere()) {
        problem(workload, "has no " + probe);
      } else if (!ports(container).containsKey(port.text())) {
        problem(workload, "asks a port '" + port.text() + "' in its " + probe);
      }
    }
  }

  /** A variable may only use those before it. */
  private void variables(Document workload, Tree container) {
    Set<String> known = new HashSet<>();
    for (Tree variable : container.field("env").items()) {
      for (String used : Variables.used(variable.field("value").text())) {
        if (!known.contains(used)) {
          problem(workload, "uses the variable " + used + " before it is there");
        }
      }
      if (!known.add(variable.field("name").text())) {
        problem(workload, "sets " + variable.field("name").text() + " twice");
      }
    }
  }

  private void statefulSet(Document set) {
    String name = set.tree().at("spec.serviceName").text();
    Tree service =
        manifests.find("Service", name).map(Document::tree).orElse(Tree.of(new JsonObject()));
    boolean fits =
        service.at("spec.clusterIP").text().equals("None")
            && service.at("spec.publishNotReadyAddresses").text().equals("true")
            && selects(service.at("spec.selector").texts(), set);
    if (!fits) {
      problem(
          set, "has '" + name + "' for its serviceName, which is no headless service of its pods");
    }
  }

  private void service(Document service) {
    List<Document> workloads = selected(service.tree().at("spec.selector").texts());
    if (workloads.isEmpty()) {
      problem(service, "selects no pod");
    }
    for (Tree port : service.tree().at("spec.ports").items()) {
      ports(service, port.field("targetPort").text(), workloads);
    }
  }

  private void ports(Document document, String port, List<Document> workloads) {
    for (Document workload : workloads) {
      if (!port.matches("\\d+") && !portNames(workload).contains(port)) {
        problem(document, "leads to a port '" + port + "', which " + workload + " does not have");
      }
    }
  }

  private void autoscaler(Document autoscaler) {
    Tree target = autoscaler.tree().at("spec.scaleTargetRef");
    var scaled = manifests.find(target.field("kind").text(), target.field("name").text());
    if (scaled.isEmpty()) {
      problem(autoscaler, "scales what is not there");
    } else if (scaled.get().tree().at("spec.replicas").isThere()) {
      problem(autoscaler, "and its target both say how many replicas there are");
    }
  }

  private void budget(Document budget) {
    pods(budget, budget.tree().at("spec.selector.matchLabels"));
  }

  private void networkPolicy(Document policy) {
    Tree spec = policy.tree().field("spec");
    Tree selector = spec.at("podSelector.matchLabels");
    pods(policy, selector);
    for (Tree rule : spec.field("ingress").items()) {
      policyPorts(policy, rule, selected(selector.texts()));
      peers(policy, rule.field("from"));
    }
    for (Tree rule : spec.field("egress").items()) {
      peers(policy, rule.field("to"));
      for (Tree peer : rule.field("to").items()) {
        policyPorts(policy, rule, selected(peer.at("podSelector.matchLabels").texts()));
      }
    }
  }

  private void policyPorts(Document policy, Tree rule, List<Document> workloads) {
    for (Tree port : rule.field("ports").items()) {
      ports(policy, port.field("port").text(), workloads);
    }
  }

  private void peers(Document policy, Tree peers) {
    for (Tree peer : peers.items()) {
      if (!peer.at("podSelector.matchLabels").texts().isEmpty()) {
        pods(policy, peer.at("podSelector.matchLabels"));
      }
    }
  }

  private void binding(Document binding) {
    source(binding, binding.tree().at("spec.policyName"), "ValidatingAdmissionPolicy");
    Set<String> guarded =
        manifests
            .ofKind("ValidatingAdmissionPolicy")
            .flatMap(p -> p.tree().at("spec.matchConstraints.resourceRules").items().stream())
            .flatMap(rule -> rule.field("resourceNames").items().stream())
            .map(Tree::text)
            .collect(Collectors.toSet());
    manifests
        .ofKind("StatefulSet")
        .filter(set -> !guarded.contains(set.name()))
        .forEach(set -> problem(set, "is not guarded against scaling in"));
  }

  private void certificate(Document certificate) {
    source(certificate, certificate.tree().at("spec.issuerRef.name"), "Issuer");
  }

  private void issuer(Document issuer) {
    String secret = issuer.tree().at("spec.ca.secretName").text();
    if (!secret.isEmpty() && !secrets().contains(secret)) {
      problem(issuer, "signs with the secret " + secret + ", which nothing makes");
    }
  }

  private static boolean hasLabels(Document document, Map<String, String> labels) {
    return document.tree().at("metadata.labels").texts().entrySet().containsAll(labels.entrySet());
  }

  private void monitor(Document monitor) {
    Map<String, String> selector = monitor.tree().at("spec.selector.matchLabels").texts();
    List<Document> services =
        manifests
            .ofKind("Service")
            .filter(
                s ->
                    s.tree()
                        .at("metadata.labels")
                        .texts()
                        .entrySet()
                        .containsAll(selector.entrySet()))
            .toList();
    for (Tree endpoint : monitor.tree().at("spec.endpoints").items()) {
      boolean found =
          services.stream()
              .flatMap(service -> service.tree().at("spec.ports").items().stream())
              .anyMatch(port -> port.field("name").text().equals(endpoint.field("port").text()));
      if (!found) {
        problem(monitor, "asks a port '" + endpoint.field("port").text() + "' of no service");
      }
    }
  }
}
