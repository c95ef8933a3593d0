package io.flotilla.cli;

import io.flotilla.cli.format.RecordFormat;
import io.flotilla.cli.format.RecordWriter;
import io.flotilla.client.Entry;
import io.flotilla.client.Scan;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes all keys and values to a file, in key order; 'import' reads it back.",
      "Plain TSV leaves text byte for byte and refuses what it cannot hold (tabs, line ends,"
          + " binary data); JSONL, --hex and --base64 hold everything."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla export backup.jsonl.gz",
      "  flotilla export --format tsv | LC_ALL=C sort | sha256sum",
      "  flotilla export users.tsv --prefix user/ --overwrite",
      "  flotilla export backup.jsonl --consistency follower    spares the leaders"
    })
final class ExportCommand extends ClusterCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Compressed if the name ends with .gz. Default: '-', standard output.")
  String file = FileEnds.STANDARD;

  @Option(
      names = "--format",
      paramLabel = "tsv|jsonl",
      description = "Default: told from the name (.tsv, .jsonl, .ndjson, each also with .gz).")
  @Nullable RecordFormat format;

  @Option(names = "--overwrite", description = "Replaces a file that exists.")
  boolean overwrite;

  @Mixin RangeOptions range = new RangeOptions();
  @Mixin ReadingOptions reading = new ReadingOptions();
  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Scan scan;

  ExportCommand(Tool tool) {
    super(tool);
  }

  @Override
  Duration defaultTimeout() {
    return PATIENCE;
  }

  /** The format that was asked for or that a file name tells; a usage error if neither does. */
  static RecordFormat formatOf(ClusterCommand command, String file, @Nullable RecordFormat format) {
    if (format != null) {
      return format;
    }
    return RecordFormat.ofFileName(file)
        .orElseThrow(
            () ->
                command.usage(
                    "--format is missing and '" + file + "' does not tell it; say tsv or jsonl"));
  }

  @Override
  void check() {
    format = formatOf(this, file, format);
    scan = range.scan(encoding);
    reading.check();
    if (!file.equals(FileEnds.STANDARD) && !overwrite && Files.exists(Path.of(file))) {
      throw usage("FILE '" + file + "' exists already; --overwrite replaces it");
    }
  }

  @Override
  int run(Cluster cluster) throws IOException {
    Progress progress = new Progress(terminal(), "exported", !output.json());
    Iterator<Entry> entries = reading.of(cluster).scanIterator(Objects.requireNonNull(scan));
    boolean toStandard = file.equals(FileEnds.STANDARD);
    long records;
    try {
      records = toStandard ? toStandard(entries, progress) : toFile(entries, progress);
    } finally {
      progress.end();
    }
    tell(toStandard ? terminal().err() : terminal().out(), records, progress);
    return 0;
  }

  private long toStandard(Iterator<Entry> entries, Progress progress) throws IOException {
    long records = copy(entries, terminal().bytesOut(), progress);
    terminal().bytesOut().flush();
    return records;
  }

  /** A file appears under its name only when it is whole. */
  private long toFile(Iterator<Entry> entries, Progress progress) throws IOException {
    Path target = Path.of(file).toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    long records;
    try (OutputStream out = FileEnds.create(part, file)) {
      records = copy(entries, out, progress);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    return records;
  }

  private long copy(Iterator<Entry> entries, OutputStream out, Progress progress)
      throws IOException {
    RecordWriter writer = RecordWriter.of(Objects.requireNonNull(format), encoding.encoding(), out);
    long records = 0;
    while (entries.hasNext()) {
      Entry entry = entries.next();
      try {
        writer.write(Arguments.bytes(entry.key()), Arguments.bytes(entry.value()));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure("FORMAT", String.valueOf(e.getMessage()), e);
      }
      progress.update(++records);
    }
    return records;
  }

  private void tell(PrintStream stream, long records, Progress progress) {
    if (output.json()) {
      stream.println(
          OutputOptions.object()
              .put("exported", records)
              .put("seconds", progress.elapsed().toMillis() / 1000.0));
    } else if (!file.equals(FileEnds.STANDARD) || terminal().interactive()) {
      stream.println("exported " + progress.rate(records));
    }
  }
}
