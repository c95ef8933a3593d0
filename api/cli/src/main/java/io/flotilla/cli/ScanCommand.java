package io.flotilla.cli;

import com.google.protobuf.ByteString;
import io.flotilla.cli.format.Encoding;
import io.flotilla.client.Entry;
import io.flotilla.client.Scan;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "scan",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints keys and values in key order, KEY<TAB>VALUE.",
      "Bytes that are no printable text, tabs too, are shown as \\xNN; --base64, --hex and"
          + " --output json are exact."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla scan --prefix user/",
      "  flotilla scan --from a --to n --limit 10",
      "  flotilla scan --prefix event/ --reverse --limit 1    the newest",
      "  flotilla scan --count",
      "  flotilla scan --count --consistency follower         spares the leaders"
    })
final class ScanCommand extends ClusterCommand {
  @Mixin RangeOptions range = new RangeOptions();

  @Option(names = "--reverse", description = "From the last key to the first.")
  boolean reverse;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: all.")
  @Nullable Long limit;

  @Option(names = "--count", description = "Prints only how many there are.")
  boolean count;

  @Option(names = "--keys-only", description = "Without the values.")
  boolean keysOnly;

  @Mixin ReadingOptions reading = new ReadingOptions();
  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Scan scan;

  ScanCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (limit != null && limit < 1) {
      throw usage("--limit '" + limit + "' is not a number from 1");
    }
    Scan wanted = range.scan(encoding);
    wanted = reverse ? wanted.reversed() : wanted;
    wanted = keysOnly || count ? wanted.keysOnly() : wanted;
    scan = limit == null ? wanted : wanted.limit(limit);
    reading.check();
  }

  @Override
  int run(Cluster cluster) {
    Iterator<Entry> entries = reading.of(cluster).scanIterator(Objects.requireNonNull(scan));
    long number = 0;
    while (entries.hasNext() && !terminal().out().checkError()) {
      Entry entry = entries.next();
      number++;
      if (!count) {
        print(entry);
      }
    }
    if (count && output.json()) {
      print(OutputOptions.object().put("count", number));
    } else if (count) {
      print(Long.toString(number));
    }
    return 0;
  }

  private void print(Entry entry) {
    if (output.json()) {
      print(GetCommand.object(entry, keysOnly, encoding));
      return;
    }
    Encoding shown = encoding.encoding();
    String key = shown.show(Arguments.bytes(entry.key()));
    ByteString value = Arguments.bytes(entry.value());
    print(keysOnly ? key : key + "\t" + shown.show(value));
  }
}
