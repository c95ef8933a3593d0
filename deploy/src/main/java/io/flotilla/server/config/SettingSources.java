package io.flotilla.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The texts of the settings and where each comes from. */
final class SettingSources {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private final Map<Setting, Given> given = new EnumMap<>(Setting.class);

  /**
   * A setting as it was given.
   *
   * @param text as it stands there
   * @param source such as {@code --listen}, {@code FLOTILLA_LISTEN} or {@code node.yaml: listen}
   */
  record Given(String text, String source) {}

  /** Later calls win over earlier ones. */
  void add(Setting setting, String text, String source) {
    given.put(setting, new Given(text, source));
  }

  /** Defaults for what is not given. */
  Given get(Setting setting) {
    return given.getOrDefault(setting, new Given(setting.defaultText(), "default"));
  }

  /** Reads a file; mistakes in its form become problems. */
  void addFile(Path file, Program program, List<String> problems) {
    JsonNode root = read(file, problems);
    if (root.isMissingNode() || root.isNull()) {
      return;
    }
    if (!root.isObject()) {
      problems.add(file + ": is not a list of 'key: value' lines");
      return;
    }
    root.properties().forEach(field -> addField(file, field, program, problems));
  }

  private void addField(
      Path file, Map.Entry<String, JsonNode> field, Program program, List<String> problems) {
    String key = field.getKey();
    Optional<Setting> setting = Setting.ofKey(key);
    if (setting.isEmpty()) {
      problems.add("%s: %s: there is no such setting%s".formatted(file, key, similar(key)));
      return;
    }
    if (!program.settings().contains(setting.get())) {
      problems.add("%s: %s: is no setting of a %s".formatted(file, key, program.command()));
      return;
    }
    JsonNode value = field.getValue();
    if (value.isArray() && !value.isEmpty()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.asText()));
      add(setting.get(), String.join(",", items), file + ": " + key);
    } else if (value.isValueNode() && !value.isNull()) {
      add(setting.get(), value.asText(), file + ": " + key);
    } else {
      problems.add("%s: %s: has no plain value".formatted(file, key));
    }
  }

  private static JsonNode read(Path file, List<String> problems) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      problems.add("--config " + file + ": there is no such file");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      problems.add("%s%s: is not YAML: %s".formatted(file, line, reason));
    } catch (IOException e) {
      problems.add("--config " + file + ": cannot be read: " + e);
    }
    return YAML.missingNode();
  }

  private static String similar(String key) {
    return Similar.to(key.replace('_', '-'), Setting::key);
  }
}
