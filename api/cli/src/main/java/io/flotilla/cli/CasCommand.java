package io.flotilla.cli;

import io.flotilla.client.Key;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cas",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare and set: writes the value only if the key has the revision.",
      "Exit code 1 if it has another one; the message says which."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla get counter --revision         prints REVISION<TAB>VALUE",
      "  flotilla cas counter 117352145412096 8",
      "  flotilla cas counter absent 1           only if there is no such key (0 says the same)"
    })
final class CasCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 480 bytes.")
  String key = "";

  @Parameters(
      index = "1",
      paramLabel = "REVISION",
      description = "Revision the key must have; 'absent' or 0: it must be absent.")
  String revision = "";

  @Parameters(index = "2", paramLabel = "VALUE", description = "Up to 1 MiB.")
  String value = "";

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Key parsedKey;
  private @Nullable Value parsedValue;
  private long expected;

  CasCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    parsedKey = encoding.key("KEY", key);
    expected = revision.equals("absent") ? 0 : revision("REVISION", revision, this);
    parsedValue = encoding.value("VALUE", value);
  }

  @Override
  int run(Cluster cluster) {
    Key target = Objects.requireNonNull(parsedKey);
    WriteResult result =
        cluster.kv().compareAndSet(target, expected, Objects.requireNonNull(parsedValue));
    if (!result.applied()) {
      throw conflict(target, expected, result);
    }
    if (output.json()) {
      print(OutputOptions.object().put("revision", result.revision()));
    } else {
      print("written at revision " + result.revision());
    }
    return 0;
  }

  /** The revision in an argument; a usage error if it is none. */
  static long revision(String name, String text, ClusterCommand command) {
    try {
      long number = Long.parseUnsignedLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message.
    }
    throw command.usage(
        Arguments.quote(name, text)
            + " is not a revision; 'flotilla get KEY --revision' prints the current one");
  }

  static CommandFailure conflict(Key key, long expected, WriteResult result) {
    String wanted = expected == 0 ? "is not absent" : "does not have revision " + expected;
    String found = result.revision() == 0 ? "it is absent" : "its revision is " + result.revision();
    return new CommandFailure(
        "CONFLICT", "key '%s' %s: %s".formatted(Arguments.show(key), wanted, found));
  }
}
