package io.flotilla.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment of a container, with what the kubelet puts into it. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  private Variables() {}

  /** Names of variables that a value uses. */
  static List<String> used(String value) {
    return REFERENCE.matcher(value).results().map(result -> result.group(1)).toList();
  }

  /** As the process gets them, in the pod with that name. */
  static Map<String, String> of(Tree container, String pod, String namespace) {
    Map<String, String> variables = new TreeMap<>();
    for (Tree variable : container.field("env").items()) {
      String value =
          switch (variable.at("valueFrom.fieldRef.fieldPath").text()) {
            case "metadata.name" -> pod;
            case "metadata.namespace" -> namespace;
            default -> expand(variable.field("value").text(), variables);
          };
      variables.put(variable.field("name").text(), value);
    }
    return variables;
  }

  private static String expand(String value, Map<String, String> known) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            result ->
                Matcher.quoteReplacement(known.getOrDefault(result.group(1), result.group())));
  }
}
