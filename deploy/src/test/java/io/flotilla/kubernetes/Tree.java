package io.flotilla.kubernetes;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A place in a document: whatever is missing on the way there is empty. */
record Tree(Optional<JsonElement> element) {
  static Tree of(JsonElement element) {
    return new Tree(Optional.of(element));
  }

  /** Down through fields, whose names are between dots. */
  Tree at(String path) {
    Tree now = this;
    for (String name : path.split("\\.")) {
      now = now.field(name);
    }
    return now;
  }

  /** One field; its name may have dots. */
  Tree field(String name) {
    return new Tree(
        element.filter(JsonElement::isJsonObject).map(e -> e.getAsJsonObject().get(name)));
  }

  boolean isThere() {
    return element.isPresent();
  }

  /** The text or number there; empty if there is none. */
  String text() {
    return element.filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString).orElse("");
  }

  /** Items of a list; none if there is no list. */
  List<Tree> items() {
    List<Tree> items = new ArrayList<>();
    element
        .filter(JsonElement::isJsonArray)
        .map(JsonElement::getAsJsonArray)
        .ifPresent(array -> array.forEach(item -> items.add(of(item))));
    return items;
  }

  /** Fields with their texts; none if there is no object. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    element
        .filter(JsonElement::isJsonObject)
        .map(JsonElement::getAsJsonObject)
        .ifPresent(o -> o.entrySet().forEach(e -> texts.put(e.getKey(), of(e.getValue()).text())));
    return texts;
  }

  /** Each field at any depth, with its name. */
  void walk(BiConsumer<String, Tree> visitor) {
    element.ifPresent(
        here -> {
          if (here instanceof JsonObject object) {
            object
                .entrySet()
                .forEach(
                    field -> {
                      visitor.accept(field.getKey(), of(field.getValue()));
                      of(field.getValue()).walk(visitor);
                    });
          } else if (here instanceof JsonArray array) {
            array.forEach(item -> of(item).walk(visitor));
          }
        });
  }
}
