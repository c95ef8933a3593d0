package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.flotilla");

  private static final JavaClasses VIOLATIONS =
      new ClassFileImporter()
          .importPackages(
              "io.flotilla.raft.violations",
              "io.flotilla.storage.violations",
              "io.flotilla.shard.violations",
              "io.flotilla.client.violations",
              "io.flotilla.rules.violations");

  private static final String CORE = "io.flotilla.raft.violations.ImpureCore";

  /** A rule and what it must find in the violations. */
  record Case(ArchRule rule, List<String> findings) {
    static Case of(ArchRule rule, String... findings) {
      return new Case(rule, List.of(findings));
    }

    @Override
    public String toString() {
      return rule.getDescription();
    }
  }

  static final List<Case> CASES =
      List.of(
          Case.of(
              ArchitectureRules.RAFT_NEEDS_ONLY_THE_JDK,
              CORE + ".outside(io.flotilla.contract.v1.GetRequest)",
              "org.slf4j.LoggerFactory"),
          Case.of(
              ArchitectureRules.RAFT_REACHES_NOTHING,
              "java.util.concurrent.ConcurrentHashMap",
              "java.util.concurrent.ThreadLocalRandom",
              "java.nio.file.Files",
              "java.nio.channels.FileChannel",
              "java.io.InputStream",
              "java.net.Socket",
              "java.lang.Thread"),
          Case.of(
              ArchitectureRules.RAFT_KNOWS_NO_TIME,
              "java.lang.System.nanoTime()",
              "java.lang.System.currentTimeMillis()",
              "java.time.Instant.now()"),
          Case.of(
              ArchitectureRules.RAFT_KNOWS_NO_CHANCE,
              "java.lang.Math.random()",
              "java.util.Random.<init>()",
              "java.util.SplittableRandom.<init>()",
              "java.util.Collections.shuffle(java.util.List)",
              "java.util.random.RandomGenerator.getDefault()",
              "java.util.concurrent.ThreadLocalRandom.current()",
              "java.util.UUID.randomUUID()"),
          Case.of(ArchitectureRules.LMDB_IN_STORAGE_ONLY, "shard.violations.LeakyShard.threads"),
          Case.of(ArchitectureRules.GRPC_AT_THE_EDGES_ONLY, "io.grpc.Status"),
          Case.of(
              ArchitectureRules.WIRE_TYPES_STAY_ABOVE_STORAGE,
              "UpwardStore.request",
              "ImpureCore.outside"),
          Case.of(
              ArchitectureRules.MODULES_POINT_ONE_WAY,
              "UpwardStore.epoch",
              "io.flotilla.rules.violations.left.Left is in no known module"),
          Case.of(
              ArchitectureRules.NO_PACKAGE_CYCLES,
              "rules.violations.left",
              "rules.violations.right"),
          Case.of(ArchitectureRules.NO_JAVA_SERIALIZATION, "java.io.ObjectOutputStream"),
          Case.of(
              ArchitectureRules.CLOCKS_COME_FROM_THE_COMPOSITION_ROOT,
              "shard.violations.LeakyShard.now()",
              CORE + ".clocks()"),
          Case.of(
              ArchitectureRules.SDK_SHOWS_ONLY_ITS_OWN_TYPES,
              "LeakyClient.<init>(com.google.protobuf.ByteString) shows"
                  + " com.google.protobuf.ByteString",
              "LeakyClient.statuses() shows io.grpc.Status",
              "LeakyClient.last shows io.flotilla.contract.v1.Request"),
          Case.of(
              ArchitectureRules.EVERY_PACKAGE_IS_NULL_MARKED,
              "io.flotilla.rules.violations.unmarked.Unmarked"));

  @ParameterizedTest
  @FieldSource("CASES")
  void product_obeys(Case rule) {
    rule.rule().check(PRODUCT);
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void rule_failsWhereItIsBroken(Case rule) {
    EvaluationResult result = rule.rule().evaluate(VIOLATIONS);

    assertThat(result.hasViolation()).isTrue();
    assertThat(result.getFailureReport().toString()).contains(rule.findings());
  }

  @Test
  void everyModule_isLookedAt() {
    for (String module :
        List.of("raft", "storage", "shard", "contract", "router", "client", "cli", "server")) {
      assertThat(PRODUCT)
          .as(module)
          .anyMatch(type -> type.getPackageName().startsWith("io.flotilla." + module));
    }
    assertThat(PRODUCT).noneMatch(type -> type.getPackageName().endsWith(".violations"));
  }
}
