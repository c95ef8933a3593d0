package io.flotilla.kubernetes;

import com.google.gson.JsonElement;
import io.flotilla.kubernetes.Manifests.Document;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Holds documents against the published types of Kubernetes, and of what is installed beside it.
 */
final class StrictTypes {
  private static final String MODELS = "io.kubernetes.client.openapi.models.";

  private static final Map<String, List<String>> KINDS =
      Map.of(
          "v1", List.of("Namespace", "ServiceAccount", "ConfigMap", "Service"),
          "apps/v1", List.of("StatefulSet", "Deployment"),
          "policy/v1", List.of("PodDisruptionBudget"),
          "networking.k8s.io/v1", List.of("NetworkPolicy"),
          "autoscaling/v2", List.of("HorizontalPodAutoscaler"),
          "admissionregistration.k8s.io/v1",
              List.of("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"));

  private final CustomKinds custom = CustomKinds.load();

  /** What is wrong with it; empty: nothing. */
  Optional<String> check(Document document) {
    String version = document.tree().field("apiVersion").text();
    if (custom.knows(version, document.kind())) {
      return custom.check(document);
    }
    if (!KINDS.getOrDefault(version, List.of()).contains(document.kind())) {
      return Optional.of("there is no kind " + version + " " + document.kind());
    }
    String model =
        MODELS
            + version.substring(version.indexOf('/') + 1).toUpperCase(Locale.ROOT)
            + document.kind();
    try {
      Class<?> type = Class.forName(model);
      type.getMethod("validateJsonElement", JsonElement.class).invoke(null, document.json());
      var unused = JSON.getGson().fromJson(document.json(), type);
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(String.valueOf(e.getTargetException().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(model, e);
    } catch (RuntimeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
