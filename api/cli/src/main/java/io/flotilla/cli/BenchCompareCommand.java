package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.bench.Comparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares two files of 'flotilla bench --output json', load by load: B in terms of A.",
      "Where a file has several runs of a load, the median counts. Machines are noisy: measure both"
          + " in turns, and more than once."
    },
    footer = {"", "Example:", "  flotilla bench compare before.json after.json"})
final class BenchCompareCommand implements Callable<Integer> {
  private static final List<String> COMPARED =
      List.of("per_second", "p50_ms", "p99_ms", "p999_ms", "server_cpu_s_per_1000");

  @Parameters(index = "0", paramLabel = "A", description = "The first file.")
  String first = "";

  @Parameters(index = "1", paramLabel = "B", description = "The second file.")
  String second = "";

  @Mixin OutputOptions output = new OutputOptions();

  private final Terminal terminal;

  BenchCompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    List<Comparison.Pair> pairs = Comparison.of(read(first), read(second));
    if (pairs.isEmpty()) {
      throw new CommandFailure(
          "NOTHING_IN_COMMON", "no load is in both %s and %s".formatted(first, second));
    }
    if (output.json()) {
      pairs.forEach(pair -> terminal.out().println(json(pair)));
    } else {
      BenchTables.comparison(pairs).forEach(terminal.out()::println);
    }
    return 0;
  }

  private static List<JsonNode> read(String file) throws IOException {
    try {
      return Comparison.read(Path.of(file));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("MALFORMED", String.valueOf(e.getMessage()), e);
    }
  }

  private static ObjectNode json(Comparison.Pair pair) {
    ObjectNode row = OutputOptions.object();
    row.set("a", pair.first());
    row.set("b", pair.second());
    ObjectNode ratios = row.putObject("b_to_a");
    for (String field : COMPARED) {
      pair.ratio(field).ifPresent(ratio -> ratios.put(field, ratio));
    }
    return row;
  }
}
