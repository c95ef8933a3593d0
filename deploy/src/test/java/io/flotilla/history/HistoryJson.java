package io.flotilla.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Histories as JSON Lines: one object per row, as docs/histories.md describes them. */
public final class HistoryJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private HistoryJson() {}

  /** Writes a history, in place of what the file held. */
  public static void write(History history, Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (HistoryRow row : history.rows()) {
        out.write(MAPPER.writeValueAsString(row));
        out.newLine();
      }
    }
  }

  /**
   * Reads the calls of a history.
   *
   * @throws IllegalArgumentException if a line is no row, or the rows are no calls; the message
   *     names the place
   */
  public static Calls read(Path file) throws IOException {
    List<HistoryRow> rows = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String line = in.readLine();
      for (int number = 1; line != null; number++, line = in.readLine()) {
        rows.add(row(file, number, line));
      }
    }
    try {
      return Calls.of(rows);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static HistoryRow row(Path file, int number, String line) {
    try {
      return MAPPER.readValue(line, HistoryRow.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ", line " + number + ": no row of a history: " + e.getOriginalMessage(), e);
    }
  }
}
