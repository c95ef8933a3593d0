package io.flotilla.sim;

import io.flotilla.history.Calls;
import io.flotilla.history.HistoryJson;
import io.flotilla.history.LinearizabilityChecker;
import io.flotilla.history.StalenessChecker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simulate check}: judges histories, whoever wrote them. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Says of histories (JSON Lines, docs/histories.md) whether they are linearizable, and"
          + " whether no read that may be old was older than its bound.",
      "Exit code 0 if all are, 1 if one is not or cannot be read."
    })
final class CheckCommand implements Callable<Integer> {
  private static final long MAX_CONFIGURATIONS = 20_000_000;

  @Spec @Nullable CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Histories.")
  List<Path> files = List.of();

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    int bad = 0;
    for (Path file : files) {
      String verdict = verdict(file);
      out.println(file + ": " + verdict);
      bad += verdict.startsWith("fine") ? 0 : 1;
    }
    out.flush();
    return bad == 0 ? 0 : 1;
  }

  private static String verdict(Path file) {
    Calls calls;
    try {
      calls = HistoryJson.read(file);
    } catch (IOException | IllegalArgumentException e) {
      return "cannot be read: " + e.getMessage();
    }
    var anomaly = new LinearizabilityChecker(MAX_CONFIGURATIONS).check(calls.operations());
    if (anomaly.isPresent()) {
      return "key %s is %s, stuck at %s"
          .formatted(
              anomaly.get().key(),
              anomaly.get().verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              anomaly.get().stuckAt());
    }
    var old = new StalenessChecker(calls.operations()).check(calls.staleReads());
    return old.map(found -> "a read is too old: " + found)
        .orElse(
            "fine, %,d calls are linearizable, %,d reads that may be old are within their bounds"
                .formatted(calls.operations().size(), calls.staleReads().size()));
  }
}
