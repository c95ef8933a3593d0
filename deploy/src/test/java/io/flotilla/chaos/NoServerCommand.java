package io.flotilla.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chaos no-server}: what a client says before there is a server. */
@Command(
    name = "no-server",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes a client while nothing listens, lets it call with a deadline of 2 s, and starts a"
          + " server after 5 s; shows how long each call took and what it said.",
      "Exit code 0 if every call ended by its deadline, none before the server is uncertain, and"
          + " calls succeed in the end; else 1."
    },
    footer = {"", "Example:", "  chaos no-server --output json"})
final class NoServerCommand implements Callable<Integer> {
  private static final NoServer.Plan PLAN =
      new NoServer.Plan(Duration.ofSeconds(2), Duration.ofSeconds(5));

  private final ChaosTools tools;

  @Spec @Nullable CommandSpec spec;

  @Mixin OutputOption output = new OutputOption();

  NoServerCommand(ChaosTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    WorkDirectory directory = WorkDirectory.of(null);
    NoServer.Result result =
        new NoServer(PLAN, tools.java().get(), directory.path(), tools.nanoClock()).run();
    directory.removeIfPassing();
    output.print(Objects.requireNonNull(spec), () -> NoServer.text(result), () -> json(result));
    return result.holds() ? 0 : 1;
  }

  private static ObjectNode json(NoServer.Result result) {
    ObjectNode object =
        new ObjectMapper()
            .createObjectNode()
            .put("server_started_s", result.startedNanos() / 1e9)
            .put("holds", result.holds());
    ArrayNode calls = object.putArray("calls");
    for (NoServer.Row row : result.rows()) {
      calls
          .addObject()
          .put("began_s", row.beganNanos() / 1e9)
          .put("call", row.call())
          .put("took_s", row.tookNanos() / 1e9)
          .put("answered", row.answered())
          .put("said", row.said());
    }
    return object;
  }
}
