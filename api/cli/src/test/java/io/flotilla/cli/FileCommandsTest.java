package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.ErrorCode;
import io.flotilla.client.FlotillaException;
import io.flotilla.client.Key;
import io.flotilla.client.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCommandsTest {
  private static final String ROWS = "DE/1/Köln\t{\"n\":\"\\u00f6\"}\nJP/2/東京\t\nUS/3\tx\n";

  private final ToolRun tool = new ToolRun();
  @TempDir Path directory;

  @Test
  void importThenExport_givesTheSameBytes() throws Exception {
    Path file = write("rows.tsv", ROWS);
    assertThat(tool.run("import", file.toString())).isZero();
    assertThat(tool.out()).startsWith("imported 3 records in ").endsWith("/s)\n");
    assertThat(tool.err()).isEmpty();
    assertThat(tool.run("export", "--format", "tsv")).isZero();
    assertThat(tool.out()).isEqualTo(ROWS);
    assertThat(tool.err()).isEmpty();
  }

  @Test
  void compressedFiles_areReadAndWritten() throws Exception {
    Path file = directory.resolve("rows.tsv.gz");
    Files.write(file, gzip(ROWS));
    assertThat(tool.run("import", file.toString())).isZero();
    Path copy = directory.resolve("copy.tsv.gz");
    assertThat(tool.run("export", copy.toString())).isZero();
    assertThat(tool.out()).startsWith("exported 3 records in ");
    try (var in = new GZIPInputStream(Files.newInputStream(copy))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(ROWS);
    }
  }

  @Test
  void standardStreams_workInBothDirections() {
    tool.input(gzipped());
    assertThat(tool.run("import", "-", "--format", "tsv")).isZero();
    assertThat(tool.run("export", "-", "--format", "jsonl", "--prefix", "DE")).isZero();
    assertThat(tool.out())
        .isEqualTo("{\"key\":\"DE/1/Köln\",\"value\":\"{\\\"n\\\":\\\"\\\\u00f6\\\"}\"}\n");
  }

  @Test
  void import_malformedLine_stopsWithNumberAndReason() throws Exception {
    Path file = write("rows.tsv", "a\t1\nbroken\nb\t2\n");
    assertThat(tool.run("import", file.toString())).isEqualTo(1);
    assertThat(tool.err())
        .isEqualTo("flotilla: " + file + ", line 2: has no tab; KEY<TAB>VALUE is wanted\n");
    assertThat(tool.out()).contains("left out: 1 malformed, 0 failed; stopped");
    assertThat(tool.cluster.kv.rows).containsOnlyKeys(Key.of("a"));
  }

  @Test
  void import_malformedLine_goesOnWhenAskedTo() throws Exception {
    Path file = write("rows.tsv", "a\t1\nbroken\nb\t2\n");
    assertThat(tool.run("import", file.toString(), "--on-error", "skip", "--output", "json"))
        .isEqualTo(1);
    assertThat(tool.out())
        .startsWith("{\"imported\":2,\"malformed\":1,\"failed\":0,\"stopped\":false");
    assertThat(tool.cluster.kv.rows).hasSize(2);
  }

  @Test
  void import_manyProblems_showsTheFirst() throws Exception {
    Path file = write("rows.tsv", "broken\n".repeat(30));
    assertThat(tool.run("import", file.toString(), "--on-error", "skip")).isEqualTo(1);
    assertThat(tool.err().lines()).hasSize(21);
    assertThat(tool.err()).endsWith("and 10 more lines with problems\n");
  }

  @Test
  void import_failedPut_isToldWithItsLine() throws Exception {
    tool.cluster.kv.failure =
        new FlotillaException(ErrorCode.DISK_FULL, Outcome.NOT_APPLIED, "node 1 is full", 2, 1);
    assertThat(tool.run("import", write("rows.tsv", ROWS).toString())).isEqualTo(1);
    assertThat(tool.err()).contains("line 1: could not be written: node 1 is full");
  }

  @Test
  void import_sameKeyTwice_laterLineWins() throws Exception {
    assertThat(tool.run("import", write("rows.tsv", "k\t1\nk\t2\n").toString())).isZero();
    assertThat(tool.cluster.kv.get("k").orElseThrow().value().text()).isEqualTo("2");
  }

  @Test
  void import_cutArchive_isAFailure() throws Exception {
    byte[] whole = gzip("k\tv\n".repeat(10_000));
    Path file = directory.resolve("cut.tsv.gz");
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(tool.run("import", file.toString())).isEqualTo(1);
    assertThat(tool.err()).contains("cut.tsv.gz: the compressed data is damaged or cut off after");
    assertThat(tool.run("import", directory.resolve("none.tsv").toString())).isEqualTo(1);
    assertThat(tool.err()).contains("none.tsv: there is no such file or directory");
  }

  @Test
  void export_whatTsvCannotHold_failsAndLeavesNoFile() {
    tool.run("put", "--hex", "6b", "0a");
    Path file = directory.resolve("out.tsv");
    assertThat(tool.run("export", file.toString())).isEqualTo(1);
    assertThat(tool.err()).contains("key 'k' has a tab or the end of a line in it");
    assertThat(directory).isEmptyDirectory();
    assertThat(tool.run("export", file.toString(), "--base64")).isZero();
    assertThat(file).hasContent("aw==\tCg==\n");
  }

  @Test
  void export_existingFile_isNotReplacedUnlessAskedTo() throws Exception {
    Path file = write("out.tsv", "precious\n");
    tool.run("put", "a", "1");
    assertThat(tool.run("export", file.toString())).isEqualTo(2);
    assertThat(tool.err()).contains("exists already; --overwrite replaces it");
    assertThat(file).hasContent("precious\n");
    assertThat(tool.run("export", file.toString(), "--overwrite")).isZero();
    assertThat(file).hasContent("a\t1\n");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  private static byte[] gzipped() {
    try {
      return gzip(ROWS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)).transferTo(out);
    }
    return bytes.toByteArray();
  }
}
