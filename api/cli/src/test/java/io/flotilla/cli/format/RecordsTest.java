package io.flotilla.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {
  private static final ByteString BINARY = ByteString.fromHex("00ff090a0d5cc3");

  @Test
  void tsv_plainText_comesBackByteForByte() throws Exception {
    String file = "SE/21/Morgongåva\t{\"name\":\"a\\u00e5 \\\"x\\\"\"}\nb\t\nc\tlast";
    assertThat(copy(file, RecordFormat.TSV, Encoding.TEXT)).isEqualTo(file + "\n");
  }

  @ParameterizedTest
  @CsvSource({"JSONL,TEXT", "JSONL,HEX", "JSONL,BASE64", "TSV,HEX", "TSV,BASE64"})
  void write_thenRead_keepsAnyBytes(RecordFormat format, Encoding encoding) throws Exception {
    Random random = new Random(7);
    List<KeyValue> records = new ArrayList<>();
    records.add(new KeyValue(BINARY, ByteString.EMPTY));
    records.add(
        new KeyValue(ByteString.copyFromUtf8("a\tb\n\\"), ByteString.copyFromUtf8("\uFFFD")));
    for (int i = 0; i < 200; i++) {
      records.add(new KeyValue(bytes(random, 1 + random.nextInt(40)), bytes(random, i)));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    RecordWriter writer = RecordWriter.of(format, encoding, file);
    for (KeyValue record : records) {
      writer.write(record.key(), record.value());
    }
    assertThat(read(file.toByteArray(), format, encoding)).isEqualTo(records);
  }

  @Test
  void tsvWriter_whatTextCannotHold_isRefusedWithAdvice() {
    RecordWriter writer =
        RecordWriter.of(RecordFormat.TSV, Encoding.TEXT, new ByteArrayOutputStream());
    ByteString key = ByteString.copyFromUtf8("k\n");
    assertThatThrownBy(() -> writer.write(key, ByteString.EMPTY))
        .hasMessageContaining("the key of the record with key 'k\\x0a'")
        .hasMessageContaining("--format jsonl");
    assertThatThrownBy(() -> writer.write(ByteString.copyFromUtf8("k"), BINARY))
        .hasMessageContaining("the value")
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void reader_badLines_saysNumberAndReasonAndGoesOn() throws Exception {
    String file =
        "a\t1\n"
            + "no tab\n"
            + "\n"
            + "\tempty key\n"
            + "b\t2\t3\n"
            + "crlf\tx\r\n"
            + "k".repeat(481)
            + "\tlong key\n"
            + "v\t"
            + "x".repeat((1 << 20) + 1)
            + "\n"
            + "z\t9\n";
    List<String> problems = new ArrayList<>();
    List<KeyValue> good =
        read(file.getBytes(StandardCharsets.UTF_8), RecordFormat.TSV, Encoding.TEXT, problems);
    assertThat(good).extracting(record -> record.key().toStringUtf8()).containsExactly("a", "z");
    assertThat(problems)
        .containsExactly(
            "2: has no tab; KEY<TAB>VALUE is wanted",
            "3: is empty; KEY<TAB>VALUE is wanted",
            "4: key is empty; a key has 1 to 480 bytes",
            "5: has more than one tab; a value with a tab needs JSONL, --hex or --base64",
            "6: has a carriage return; convert the file to line feeds, or use JSONL or --base64",
            "7: key has 481 bytes; a key has 1 to 480 bytes",
            "8: value has 1048577 bytes; a value has at most 1048576 (1 MiB)");
  }

  @Test
  void reader_bytesThatAreNoUtf8_areTold() throws Exception {
    List<String> problems = new ArrayList<>();
    byte[] file = ByteString.fromHex("ff0961").toByteArray();
    assertThat(read(file, RecordFormat.TSV, Encoding.TEXT, problems)).isEmpty();
    assertThat(problems).singleElement().asString().startsWith("1: key is not UTF-8 text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"key\":\"a\"} | has no \"value\"",
        "[1] | is not a JSON object",
        "{\"key\":\"a\",\"value\":1} | \"value\" is not a string",
        "{\"key\":\"a\",\"key_hex\":\"00\",\"value\":\"\"} | has key twice",
        "{\"key\":\"a\",\"key\":\"b\",\"value\":\"\"} | is not JSON",
        "{\"key\":\"a\",\"value\":\"\\ud800\"} | half of a surrogate pair",
        "{\"key_hex\":\"0\",\"value\":\"\"} | \"key_hex\" is not hexadecimal",
        "{\"key\":\"a\",\"value\":\"\"} x | is not JSON",
        "{\"key\":\"a | is not JSON",
      })
  void jsonReader_badLine_saysWhy(String line, String reason) throws Exception {
    List<String> problems = new ArrayList<>();
    read(line.getBytes(StandardCharsets.UTF_8), RecordFormat.JSONL, Encoding.TEXT, problems);
    assertThat(problems).singleElement().asString().contains("1: ").contains(reason);
  }

  @Test
  void reader_lineWithoutEnd_isBounded() throws Exception {
    byte[] file = new byte[(7 << 20) + 10];
    List<String> problems = new ArrayList<>();
    assertThat(read(file, RecordFormat.TSV, Encoding.TEXT, problems)).isEmpty();
    assertThat(problems).singleElement().asString().contains("longer than 7340032 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "a.tsv,TSV",
    "a.TSV.GZ,TSV",
    "a.tab,TSV",
    "b.jsonl,JSONL",
    "b.ndjson.gz,JSONL",
    "x.csv,",
    "tsv,",
    "-,"
  })
  void ofFileName_tellsTheFormat(String name, RecordFormat format) {
    assertThat(RecordFormat.ofFileName(name).orElse(null)).isEqualTo(format);
  }

  private static ByteString bytes(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static String copy(String file, RecordFormat format, Encoding encoding) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RecordWriter writer = RecordWriter.of(format, encoding, out);
    for (KeyValue record : read(file.getBytes(StandardCharsets.UTF_8), format, encoding)) {
      writer.write(record.key(), record.value());
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<KeyValue> read(byte[] file, RecordFormat format, Encoding encoding)
      throws IOException {
    List<String> problems = new ArrayList<>();
    List<KeyValue> records = read(file, format, encoding, problems);
    assertThat(problems).isEmpty();
    return records;
  }

  private static List<KeyValue> read(
      byte[] file, RecordFormat format, Encoding encoding, List<String> problems)
      throws IOException {
    RecordReader reader = RecordReader.of(format, encoding, new ByteArrayInputStream(file));
    List<KeyValue> records = new ArrayList<>();
    while (true) {
      try {
        KeyValue record = reader.next();
        if (record == null) {
          return records;
        }
        records.add(record);
      } catch (MalformedRecordException e) {
        problems.add(e.line() + ": " + e.getMessage());
      }
    }
  }
}
