package io.flotilla.cli;

import io.flotilla.client.Settlement;
import io.flotilla.client.WriteId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "settle",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Tells what became of a write that ended without a known outcome, for good: if it was not"
          + " applied yet, it will never be.",
      "The id is in the message of the write that failed."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla settle w1.AZrX2kAAAAEAAAAAAAAAAWdyZWV0aW5n",
      "  flotilla settle w1.AZrX2kAAAAEAAAAAAAAAAWdyZWV0aW5n --output json"
    })
final class SettleCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "ID", description = "The id of the write.")
  String id = "";

  private @Nullable WriteId parsed;

  SettleCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    try {
      parsed = WriteId.parse(id);
    } catch (IllegalArgumentException e) {
      throw usage(
          Arguments.quote("ID", id) + " is no write id; take it from the message of the write");
    }
  }

  @Override
  int run(Cluster cluster) {
    Settlement settlement = cluster.kv().settle(Objects.requireNonNull(parsed));
    if (output.json()) {
      print(
          OutputOptions.object()
              .put("state", settlement.state().name())
              .put("revision", settlement.revision()));
    } else {
      print(text(settlement));
    }
    return settlement.state() == Settlement.State.FORGOTTEN ? Failures.FAILED : 0;
  }

  private static String text(Settlement settlement) {
    return switch (settlement.state()) {
      case APPLIED -> "applied at revision " + settlement.revision();
      case NO_EFFECT -> "executed, but it changed nothing";
      case NEVER_APPLIED -> "never applied: it can be made anew";
      case FORGOTTEN -> "forgotten: it cannot be told any more whether it was applied";
    };
  }
}
