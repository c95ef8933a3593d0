package io.flotilla.rules;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;

/** {@code api/cli → client → router → contract ← shard → storage → raft}, and nothing else. */
final class ModuleDirection extends ArchCondition<JavaClass> {
  private static final String ROOT = "io.flotilla.";

  /** By the package below the root; what a module may use besides itself. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "raft", Set.of(),
          "storage", Set.of("raft"),
          "shard", Set.of("storage", "raft", "contract", "internal"),
          "contract", Set.of(),
          "internal", Set.of("contract"),
          "router", Set.of("contract"),
          "client", Set.of("router", "contract"),
          "cli", Set.of("client"));

  /** Knows everything; nobody knows it. */
  private static final String COMPOSITION_ROOT = "server";

  ModuleDirection() {
    super("only use modules further along the arrows");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    String module = module(type);
    if (module.equals(COMPOSITION_ROOT)) {
      return;
    }
    Set<String> allowed = MAY_USE.getOrDefault(module, Set.of());
    if (!MAY_USE.containsKey(module)) {
      events.add(SimpleConditionEvent.violated(type, type.getName() + " is in no known module"));
    }
    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
      String used = module(dependency.getTargetClass());
      if (!used.isEmpty() && !used.equals(module) && !allowed.contains(used)) {
        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
      }
    }
  }

  /** Empty for classes that are not ours. */
  private static String module(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    int end = name.indexOf('.', ROOT.length());
    return end < 0 ? name.substring(ROOT.length()) : name.substring(ROOT.length(), end);
  }
}
