package io.flotilla.server.health;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.server.http.HttpAnswer;
import io.flotilla.server.http.HttpPage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code /livez}, {@code /readyz} and {@code /safe-to-stop}: 200 is yes, 503 no, and why. */
public final class HealthPages {
  private static final JsonMapper JSON = new JsonMapper();

  private HealthPages() {}

  /** The pages by path. */
  public static Map<String, HttpPage> of(Readiness readiness) {
    return Map.of(
        "/livez", question -> done(answer("alive", true, List.of())),
        "/readyz", question -> done(ready(readiness.state())),
        "/safe-to-stop", question -> readiness.cluster().thenApply(HealthPages::safe));
  }

  private static HttpAnswer ready(Readiness.State state) {
    return answer("ready", state.ready(), state.reasons());
  }

  private static HttpAnswer safe(Optional<ClusterHealth> health) {
    List<String> problems =
        health
            .map(ClusterHealth::problems)
            .orElse(List.of("the node is not part of a cluster yet"));
    return answer("safe", problems.isEmpty(), problems);
  }

  private static HttpAnswer answer(String name, boolean holds, List<String> reasons) {
    ObjectNode body = JSON.createObjectNode().put(name, holds);
    if (!reasons.isEmpty()) {
      reasons.forEach(body.putArray("reasons")::add);
    }
    return HttpAnswer.json(holds ? 200 : 503, body + "\n");
  }

  private static CompletableFuture<HttpAnswer> done(HttpAnswer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
