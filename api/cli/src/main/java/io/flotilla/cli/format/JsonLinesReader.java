package io.flotilla.cli.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"key":…,"value":…}}. A field that is no text stands as {@code key_base64}, {@code
 * key_hex} and so on; with an encoding other than text the plain names are in that encoding.
 */
final class JsonLinesReader extends RecordReader {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private final Encoding encoding;

  JsonLinesReader(InputStream in, Encoding encoding) {
    super(in);
    this.encoding = encoding;
  }

  @Override
  KeyValue parse(ByteString line) {
    if (!line.isValidUtf8()) {
      throw new IllegalArgumentException("is not UTF-8 text");
    }
    JsonNode object = read(line);
    if (!object.isObject()) {
      throw new IllegalArgumentException("is not a JSON object with \"key\" and \"value\"");
    }
    return new KeyValue(field(object, "key"), field(object, "value"));
  }

  private static JsonNode read(ByteString line) {
    try {
      return JSON.readTree(line.toStringUtf8());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private ByteString field(JsonNode object, String name) {
    ByteString found = null;
    found = one(found, object, name, name, encoding);
    found = one(found, object, name, name + "_base64", Encoding.BASE64);
    found = one(found, object, name, name + "_hex", Encoding.HEX);
    if (found == null) {
      throw new IllegalArgumentException("has no \"" + name + "\" (nor \"" + name + "_base64\")");
    }
    return found;
  }

  private static @Nullable ByteString one(
      @Nullable ByteString found, JsonNode object, String field, String name, Encoding encoding) {
    JsonNode node = object.get(name);
    if (node == null) {
      return found;
    }
    if (found != null) {
      throw new IllegalArgumentException("has " + field + " twice, in two encodings");
    }
    if (!node.isTextual()) {
      throw new IllegalArgumentException("\"" + name + "\" is not a string");
    }
    return decodeJson(encoding, name, node.textValue());
  }

  private static ByteString decodeJson(Encoding encoding, String name, String text) {
    // JSON says exactly which characters are meant, so a replacement character is only itself.
    if (encoding == Encoding.TEXT) {
      ByteString bytes = ByteString.copyFromUtf8(text);
      if (!bytes.toStringUtf8().equals(text)) {
        throw new IllegalArgumentException("\"" + name + "\" has half of a surrogate pair");
      }
      return bytes;
    }
    return decode(encoding, "\"" + name + "\"", text);
  }
}
