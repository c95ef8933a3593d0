package io.flotilla.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Rows of two result files that are about the same load, side by side. */
public final class Comparison {
  private static final List<String> LOAD =
      List.of(
          "workload",
          "distribution",
          "keys",
          "key_size",
          "value_size",
          "clients",
          "outstanding",
          "rate");

  private Comparison() {}

  /**
   * Two rows about one load.
   *
   * @param first of the first file
   * @param second of the second file
   */
  public record Pair(JsonNode first, JsonNode second) {
    /** The second's number in terms of the first's; empty where one is missing, or zero. */
    public OptionalDouble ratio(String field) {
      double before = first.path(field).asDouble(0);
      double after = second.path(field).asDouble(0);
      return before > 0 && after > 0 ? OptionalDouble.of(after / before) : OptionalDouble.empty();
    }
  }

  /**
   * The loads that both files have, in the order of the first. Of several rows about one load the
   * one of median throughput counts, so that a file may hold several runs.
   */
  public static List<Pair> of(List<JsonNode> first, List<JsonNode> second) {
    Map<String, List<JsonNode>> later = byLoad(second);
    List<Pair> pairs = new ArrayList<>();
    byLoad(first)
        .forEach(
            (load, rows) -> {
              if (later.containsKey(load)) {
                pairs.add(new Pair(median(rows), median(later.get(load))));
              }
            });
    return pairs;
  }

  /**
   * Reads a result file: one JSON object a line.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if a line is no result; the message names it
   */
  public static List<JsonNode> read(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> rows = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode row;
      try {
        row = mapper.readTree(line);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "%s, line %d: not JSON: %s".formatted(file, number, e.getOriginalMessage()), e);
      }
      if (!row.path("workload").isTextual() || !row.path("per_second").isNumber()) {
        throw new IllegalArgumentException(
            "%s, line %d: not a result of 'flotilla bench --output json'".formatted(file, number));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, List<JsonNode>> byLoad(List<JsonNode> rows) {
    Map<String, List<JsonNode>> loads = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      String load = LOAD.stream().map(row::path).toList().toString();
      loads.computeIfAbsent(load, key -> new ArrayList<>()).add(row);
    }
    return loads;
  }

  private static JsonNode median(List<JsonNode> rows) {
    List<JsonNode> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingDouble(row -> row.path("per_second").asDouble()));
    return sorted.get(sorted.size() / 2);
  }
}
