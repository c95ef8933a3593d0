package io.flotilla.cli;

import io.flotilla.client.Counted;
import io.flotilla.client.Key;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "increment",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Adds to a counter and prints the sum. Many can do so at once, and nothing gets lost.",
      "A counter is a value like others: a decimal number of 64 bits, which put sets and get reads."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla increment visitors",
      "  flotilla increment stock/42 --by=-3",
      "  flotilla increment ticket --initial 1000    an absent key counts as 1000: prints 1001"
    })
final class IncrementCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 480 bytes.")
  String key = "";

  @Option(
      names = "--by",
      paramLabel = "N",
      defaultValue = "1",
      description = "What is added. Default: 1.")
  String by = "1";

  @Option(
      names = "--initial",
      paramLabel = "N",
      defaultValue = "0",
      description = "What an absent key counts as. Default: 0.")
  String initial = "0";

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Key parsedKey;
  private long delta;
  private long first;

  IncrementCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    parsedKey = encoding.key("KEY", key);
    delta = number("--by", by);
    first = number("--initial", initial);
  }

  private long number(String name, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw usage(Arguments.quote(name, text) + " is not a whole number of 64 bits");
    }
  }

  @Override
  int run(Cluster cluster) {
    Counted counted = cluster.kv().increment(Objects.requireNonNull(parsedKey), delta, first);
    if (output.json()) {
      print(
          OutputOptions.object().put("value", counted.value()).put("revision", counted.revision()));
    } else {
      print(Long.toString(counted.value()));
    }
    return 0;
  }
}
