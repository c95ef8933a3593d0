package io.flotilla.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.flotilla.kubernetes.Manifests.Document;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Kinds that are no part of Kubernetes. Their fields stand in custom-kinds.yaml as far as they are
 * used here: a name that ends in '!' must be there, one that is '*' stands for any; the value is
 * the type, or the fields below.
 */
final class CustomKinds {
  private final JsonObject kinds;

  private CustomKinds(JsonObject kinds) {
    this.kinds = kinds;
  }

  static CustomKinds load() {
    try (InputStream in = CustomKinds.class.getResourceAsStream("custom-kinds.yaml")) {
      Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return new CustomKinds(new Gson().toJsonTree(read).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean knows(String version, String kind) {
    return kinds.has(version + " " + kind);
  }

  Optional<String> check(Document document) {
    String key = document.tree().field("apiVersion").text() + " " + document.kind();
    return check(kinds.get(key), document.json(), key);
  }

  private static Optional<String> check(JsonElement type, JsonElement value, String where) {
    if (type.isJsonArray()) {
      if (!value.isJsonArray()) {
        return Optional.of(where + " is no list");
      }
      for (JsonElement item : value.getAsJsonArray()) {
        Optional<String> wrong = check(type.getAsJsonArray().get(0), item, where);
        if (wrong.isPresent()) {
          return wrong;
        }
      }
      return Optional.empty();
    }
    if (type.isJsonObject()) {
      return value.isJsonObject()
          ? fields(type.getAsJsonObject(), value.getAsJsonObject(), where)
          : Optional.of(where + " is no object");
    }
    return isA(type.getAsString(), value)
        ? Optional.empty()
        : Optional.of(where + " is no " + type.getAsString());
  }

  private static boolean isA(String type, JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive)) {
      return false;
    }
    return switch (type) {
      case "string" -> primitive.isString();
      case "number" -> primitive.isNumber();
      case "boolean" -> primitive.isBoolean();
      default -> throw new IllegalArgumentException(type);
    };
  }

  private static Optional<String> fields(JsonObject types, JsonObject values, String where) {
    for (String name : types.keySet()) {
      if (name.endsWith("!") && !values.has(name.substring(0, name.length() - 1))) {
        return Optional.of(where + " has no field " + name.substring(0, name.length() - 1));
      }
    }
    for (Map.Entry<String, JsonElement> field : values.entrySet()) {
      String name = field.getKey();
      JsonElement type = types.get(name);
      if (type == null) {
        type = types.has(name + "!") ? types.get(name + "!") : types.get("*");
      }
      if (type == null) {
        return Optional.of(where + " has no such field as " + name);
      }
      Optional<String> wrong = check(type, field.getValue(), where + "." + name);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }
}
