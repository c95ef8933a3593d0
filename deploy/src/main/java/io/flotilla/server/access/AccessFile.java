package io.flotilla.server.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.protobuf.ByteString;
import io.flotilla.router.access.AccessTable;
import io.flotilla.router.access.Grant;
import io.flotilla.router.access.Principal;
import io.flotilla.router.access.Role;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads an access file.
 *
 * <pre>{@code
 * principals:
 *   shop:
 *     grants:
 *       - {role: writer, prefix: shop/}
 *       - {role: reader, prefix: catalog/}
 *     certificates: [shop.example.org]
 *     tokens:
 *       - {sha256: 5f2c…, expires: 2027-01-31}
 * }</pre>
 *
 * <p>A mistake anywhere makes all of it unusable: half of a file could deny or allow by accident.
 */
final class AccessFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Path file;

  private AccessFile(Path file) {
    this.file = file;
  }

  static AccessTable parse(Path file, String text) throws AccessException {
    return new AccessFile(file).read(text);
  }

  private AccessTable read(String text) throws AccessException {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new AccessException(file + line + ": is not YAML: " + e.getOriginalMessage(), e);
    }
    fields("the file", root, Set.of("principals"));
    List<Principal> principals = new ArrayList<>();
    JsonNode all = root.path("principals");
    if (!all.isObject()) {
      throw wrong("principals", "is no list of 'NAME:' with what each may do");
    }
    for (Map.Entry<String, JsonNode> entry : all.properties()) {
      principals.add(principal(entry.getKey(), entry.getValue()));
    }
    try {
      return new AccessTable(principals);
    } catch (IllegalArgumentException e) {
      throw new AccessException(file + ": " + e.getMessage(), e);
    }
  }

  private Principal principal(String name, JsonNode node) throws AccessException {
    fields(name, node, Set.of("grants", "certificates", "tokens"));
    List<Grant> grants = new ArrayList<>();
    for (JsonNode grant : items(name + ".grants", node.path("grants"))) {
      grants.add(grant(name + ".grants", grant));
    }
    if (grants.isEmpty()) {
      throw wrong(name, "has no grants");
    }
    Set<String> certificates = new LinkedHashSet<>();
    for (JsonNode certificate : items(name + ".certificates", node.path("certificates"))) {
      certificates.add(text(name + ".certificates", certificate));
    }
    if (!node.has("certificates")) {
      certificates.add(name);
    }
    Map<String, Long> tokens = new HashMap<>();
    for (JsonNode token : items(name + ".tokens", node.path("tokens"))) {
      token(name + ".tokens", token, tokens);
    }
    return new Principal(name, List.copyOf(grants), certificates, Map.copyOf(tokens));
  }

  private Grant grant(String place, JsonNode node) throws AccessException {
    fields(place, node, Set.of("role", "prefix", "prefix-hex"));
    String word = text(place + ".role", node.path("role"));
    Role role =
        Arrays.stream(Role.values())
            .filter(known -> known.toString().equals(word.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() -> wrong(place, "'" + word + "' is none of " + roles()));
    if (!node.has("prefix") && !node.has("prefix-hex")) {
      return new Grant(role, ByteString.EMPTY);
    }
    if (!role.hasScope()) {
      throw wrong(place, "a prefix goes with reader and writer only, not with " + role);
    }
    if (node.has("prefix") && node.has("prefix-hex")) {
      throw wrong(place, "has prefix and prefix-hex; one of them is wanted");
    }
    ByteString prefix =
        node.has("prefix")
            ? ByteString.copyFromUtf8(text(place + ".prefix", node.path("prefix")))
            : hex(place, text(place + ".prefix-hex", node.path("prefix-hex")));
    if (prefix.isEmpty()) {
      throw wrong(place, "has an empty prefix; leave it out for all keys");
    }
    return new Grant(role, prefix);
  }

  private static String roles() {
    return Arrays.toString(Role.values()).replaceAll("[\\[\\]]", "");
  }

  private ByteString hex(String place, String text) throws AccessException {
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw wrong(place, "prefix-hex '" + text + "' is not hexadecimal");
    }
  }

  private void token(String place, JsonNode node, Map<String, Long> tokens) throws AccessException {
    fields(place, node, Set.of("sha256", "expires"));
    String hash = text(place + ".sha256", node.path("sha256"));
    if (!HASH.matcher(hash).matches()) {
      throw wrong(place, "sha256 is not 64 hexadecimal digits, as 'flotilla token create' prints");
    }
    long until = Long.MAX_VALUE;
    if (node.has("expires")) {
      String day = text(place + ".expires", node.path("expires"));
      try {
        until = LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      } catch (DateTimeException e) {
        throw wrong(place, "expires '" + day + "' is no day such as 2027-01-31");
      }
    }
    if (tokens.put(hash, until) != null) {
      throw wrong(place, "the same token is there twice");
    }
  }

  private void fields(String place, JsonNode node, Set<String> known) throws AccessException {
    if (!node.isObject()) {
      throw wrong(place, "is no list of 'name: value'; known are " + known);
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!known.contains(field.getKey())) {
        throw wrong(place, "'" + field.getKey() + "' is not known; known are " + known);
      }
    }
  }

  private Iterable<JsonNode> items(String place, JsonNode node) throws AccessException {
    if (!node.isMissingNode() && !node.isArray()) {
      throw wrong(place, "is no list");
    }
    return node;
  }

  private String text(String place, JsonNode node) throws AccessException {
    if (!node.isValueNode() || node.isNull()) {
      throw wrong(place, "has no plain value");
    }
    if (!node.isTextual()) {
      // 0017 would become 15, and 'no' would become false: a grant for other keys.
      throw wrong(place, "'" + node.asText() + "' is not taken for a text: put it in quotes");
    }
    return node.asText();
  }

  private AccessException wrong(String place, String what) {
    return new AccessException(file + ": " + place + ": " + what);
  }
}
