package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.cli.format.JsonFields;
import io.flotilla.client.AsOf;
import io.flotilla.client.Entry;
import io.flotilla.client.Key;
import io.flotilla.client.Reading;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints the value of a key; exit code 1 if the key is absent.",
      "Bytes that are no printable text are shown as \\xNN; --base64, --hex and --output json are"
          + " exact."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla get greeting",
      "  flotilla get greeting --revision        REVISION<TAB>VALUE, for 'flotilla cas'",
      "  flotilla get logo --base64 | base64 -d > logo.png    (KEY is base64 then, too)",
      "  flotilla get greeting --output json",
      "  flotilla get greeting --consistency follower         any replica, and yet the newest",
      "  flotilla get greeting --consistency stale --max-staleness 2s --output json"
    })
final class GetCommand extends ClusterCommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 480 bytes.")
  String key = "";

  @Option(names = "--revision", description = "Prints the revision and a tab before the value.")
  boolean revision;

  @Mixin ReadingOptions reading = new ReadingOptions();
  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Key parsedKey;

  GetCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    parsedKey = encoding.key("KEY", key);
    reading.check();
  }

  @Override
  int run(Cluster cluster) {
    Key wanted = Objects.requireNonNull(parsedKey);
    Reading found = reading.of(cluster).inspect(wanted);
    Entry entry =
        found
            .entry()
            .orElseThrow(
                () ->
                    new CommandFailure(
                        "KEY_ABSENT", "key '" + Arguments.show(wanted) + "' is absent"));
    if (output.json()) {
      ObjectNode object = object(entry, false, encoding);
      found.asOf().ifPresent(asOf -> object.set("as_of", object(asOf)));
      print(object);
    } else {
      String value = encoding.encoding().show(Arguments.bytes(entry.value()));
      print(revision ? entry.revision() + "\t" + value : value);
    }
    return 0;
  }

  private static ObjectNode object(AsOf asOf) {
    ObjectNode object =
        OutputOptions.object()
            .put("shard_id", asOf.shardId())
            .put("node_id", asOf.nodeId())
            .put("applied_index", asOf.appliedIndex())
            .put("revision", asOf.revision());
    asOf.age().ifPresent(age -> object.put("age_millis", age.toMillis()));
    return object;
  }

  /** An entry as a JSON object. */
  static ObjectNode object(Entry entry, boolean keyOnly, EncodingOptions encoding) {
    ObjectNode object = OutputOptions.object();
    JsonFields.put(object, encoding.encoding(), "key", Arguments.bytes(entry.key()));
    if (!keyOnly) {
      JsonFields.put(object, encoding.encoding(), "value", Arguments.bytes(entry.value()));
    }
    object.put("revision", entry.revision());
    entry.expiresAt().ifPresent(time -> object.put("expires_at", time.toString()));
    return object;
  }
}
