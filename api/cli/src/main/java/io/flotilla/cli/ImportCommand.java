package io.flotilla.cli;

import io.flotilla.cli.format.RecordFormat;
import io.flotilla.cli.format.RecordReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the records of a file, plain or gzip, with many puts under way.",
      "TSV is KEY<TAB>VALUE in UTF-8 without escapes; JSONL is {\"key\":…,\"value\":…}, with"
          + " key_base64 or key_hex for binary data.",
      "Exit code 1 if any line was left out; to run it again does no harm."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla import cities.tsv.gz",
      "  flotilla import rows.jsonl --on-error skip",
      "  zcat dump.gz | flotilla import - --format tsv --base64"
    })
final class ImportCommand extends ClusterCommand {
  /** Long enough for an election and a restart, so that a node that dies does not end an import. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int SHOWN_PROBLEMS = 20;

  @Parameters(index = "0", paramLabel = "FILE", description = "'-' is standard input.")
  String file = "";

  @Option(
      names = "--format",
      paramLabel = "tsv|jsonl",
      description = "Default: told from the name (.tsv, .jsonl, .ndjson, each also with .gz).")
  @Nullable RecordFormat format;

  @Option(
      names = "--on-error",
      paramLabel = "stop|skip",
      description = "What a bad line or a failed put does. Default: stop.")
  OnError onError = OnError.STOP;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private final AtomicLong problems = new AtomicLong();

  ImportCommand(Tool tool) {
    super(tool);
  }

  /** What a bad line does. */
  enum OnError {
    STOP,
    SKIP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  Duration defaultTimeout() {
    return PATIENCE;
  }

  @Override
  void check() {
    format = ExportCommand.formatOf(this, file, format);
  }

  @Override
  int run(Cluster cluster) throws IOException, InterruptedException {
    Progress progress = new Progress(terminal(), "imported", !output.json());
    Importer importer = new Importer(cluster.async(), onError == OnError.STOP, this::report);
    Importer.Summary summary;
    RecordFormat known = Objects.requireNonNull(format);
    long[] line = {0};
    try (InputStream in = FileEnds.decompress(FileEnds.openPlain(file, terminal()))) {
      RecordReader reader = RecordReader.of(known, encoding.encoding(), in);
      summary =
          importer.run(
              reader,
              records -> {
                line[0] = reader.line();
                progress.update(records);
              });
    } catch (EOFException | ZipException e) {
      throw new CommandFailure(
          "IO",
          "%s: the compressed data is damaged or cut off after line %d: %s"
              .formatted(file, line[0], e.getMessage()),
          e);
    } finally {
      progress.end();
    }
    tell(summary, progress);
    return summary.complete() ? 0 : Failures.FAILED;
  }

  private void report(long line, String reason) {
    if (problems.incrementAndGet() <= SHOWN_PROBLEMS) {
      terminal().err().println("flotilla: " + file + ", line " + line + ": " + reason);
    }
  }

  private void tell(Importer.Summary summary, Progress progress) {
    long hidden = problems.get() - SHOWN_PROBLEMS;
    if (hidden > 0) {
      terminal().err().println("flotilla: and " + hidden + " more lines with problems");
    }
    boolean stopped = onError == OnError.STOP && !summary.complete();
    if (output.json()) {
      print(
          OutputOptions.object()
              .put("imported", summary.written())
              .put("malformed", summary.malformed())
              .put("failed", summary.failed())
              .put("stopped", stopped)
              .put("seconds", progress.elapsed().toMillis() / 1000.0)
              .put("per_second", progress.perSecond(summary.written())));
      return;
    }
    String end =
        summary.complete()
            ? ""
            : String.format(
                Locale.ROOT,
                "; left out: %,d malformed, %,d failed%s",
                summary.malformed(),
                summary.failed(),
                stopped ? "; stopped (--on-error skip goes on)" : "");
    print("imported " + progress.rate(summary.written()) + end);
  }
}
