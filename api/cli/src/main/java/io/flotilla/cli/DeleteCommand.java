package io.flotilla.cli;

import io.flotilla.client.Key;
import io.flotilla.client.WriteResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Deletes a key. A key that is absent already is no failure.",
    footer = {
      "",
      "Examples:",
      "  flotilla delete greeting",
      "  flotilla delete greeting --revision 117352145412096    only if nobody wrote since"
    })
final class DeleteCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 480 bytes.")
  String key = "";

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Deletes only if the key has this revision; exit code 1 if it has not.")
  @Nullable String revision;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Key parsedKey;
  private long expected;

  DeleteCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    parsedKey = encoding.key("KEY", key);
    expected = revision == null ? 0 : CasCommand.revision("--revision", revision, this);
    if (revision != null && expected == 0) {
      throw usage("--revision '" + revision + "': a key that is to be deleted has a revision");
    }
  }

  @Override
  int run(Cluster cluster) {
    Key target = Objects.requireNonNull(parsedKey);
    WriteResult result =
        expected == 0
            ? cluster.kv().delete(target)
            : cluster.kv().compareAndDelete(target, expected);
    if (expected != 0 && !result.applied()) {
      throw CasCommand.conflict(target, expected, result);
    }
    if (output.json()) {
      print(
          OutputOptions.object()
              .put("deleted", result.applied())
              .put("revision", result.revision()));
    } else {
      print(result.applied() ? "deleted" : "nothing to delete: the key is absent");
    }
    return 0;
  }
}
