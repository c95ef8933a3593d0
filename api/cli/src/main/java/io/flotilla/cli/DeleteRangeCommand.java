package io.flotilla.cli;

import io.flotilla.client.DeletedRange;
import io.flotilla.client.Entry;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.KeyRange;
import java.util.Iterator;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "delete-range",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Deletes all keys of a range, up to a thousand at once.",
      "As a whole it is not atomic: others see it go on, and when it fails a part is deleted. To"
          + " run it again does no harm."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla delete-range --prefix session/ --dry-run    only counts",
      "  flotilla delete-range --prefix session/",
      "  flotilla delete-range --from log/2024 --to log/2025",
      "  flotilla delete-range --all"
    })
final class DeleteRangeCommand extends ClusterCommand {
  @Mixin RangeOptions range = new RangeOptions();

  @Option(names = "--all", description = "Every key there is.")
  boolean all;

  @Option(names = "--dry-run", description = "Counts what would be deleted, and deletes nothing.")
  boolean dryRun;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private KeyRange keys = KeyRange.ALL;

  DeleteRangeCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    keys = range.scan(encoding).range();
    boolean everything = keys.equals(KeyRange.ALL);
    if (everything && !all) {
      throw usage("nothing says which keys: give --prefix, --from or --to, or --all");
    }
    if (!everything && all) {
      throw usage("--all cannot be combined with --prefix, --from and --to");
    }
  }

  @Override
  int run(Cluster cluster) {
    Progress progress = new Progress(terminal(), dryRun ? "counted" : "deleted", !output.json());
    try {
      long rows = dryRun ? count(cluster, progress) : delete(cluster, progress);
      progress.end();
      tell(rows);
    } catch (FlotillaException e) {
      progress.end();
      throw e;
    }
    return 0;
  }

  private void tell(long rows) {
    if (output.json()) {
      print(OutputOptions.object().put(dryRun ? "would_delete" : "deleted", rows));
    } else {
      print((dryRun ? "would delete " : "deleted ") + rows(rows));
    }
  }

  private static String rows(long rows) {
    return rows + (rows == 1 ? " row" : " rows");
  }

  private long count(Cluster cluster, Progress progress) {
    Iterator<Entry> entries = cluster.kv().scanIterator(range.scan(encoding).keysOnly());
    long rows = 0;
    while (entries.hasNext()) {
      entries.next();
      progress.update(++rows);
    }
    return rows;
  }

  private long delete(Cluster cluster, Progress progress) {
    long rows = 0;
    Optional<KeyRange> rest = Optional.of(keys);
    while (rest.isPresent()) {
      DeletedRange page;
      try {
        page = cluster.kv().deletePage(rest.get());
      } catch (FlotillaException e) {
        throw e.withMessage(
            "%s; %s had been deleted before, up to key '%s'"
                .formatted(e.getMessage(), rows(rows), Arguments.start(rest.get(), 80)));
      }
      rows += page.deleted();
      rest = page.rest();
      progress.update(rows);
    }
    return rows;
  }
}
