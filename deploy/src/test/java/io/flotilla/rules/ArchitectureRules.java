package io.flotilla.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Set;

/** Who may see what, as values. Each has a counterpart in {@code violations} that breaks it. */
final class ArchitectureRules {
  private static final String RAFT = "io.flotilla.raft..";
  private static final String STORAGE = "io.flotilla.storage..";
  private static final String[] GENERATED = {"io.flotilla.contract..", "io.flotilla.internal.."};

  /**
   * Classes that are a real clock, given to others through constructors; and what wires the client,
   * which lives in applications and so has no composition root above it.
   */
  private static final Set<String> REAL_CLOCKS =
      Set.of(
          "io.flotilla.shard.Clock",
          "io.flotilla.router.WheelScheduler",
          "io.flotilla.client.ClientRuntime");

  private static final Set<String> CLOCK_READS =
      Set.of("java.lang.System.nanoTime", "java.lang.System.currentTimeMillis");

  /** Each gives something else each time, whatever the seed. */
  private static final Set<String> CHANCE =
      Set.of(
          "java.lang.Math.random()",
          "java.util.Random.<init>()",
          "java.util.SplittableRandom.<init>()",
          "java.util.Collections.shuffle(java.util.List)",
          "java.util.random.RandomGenerator.getDefault()",
          "java.util.random.RandomGenerator.of(java.lang.String)",
          "java.util.UUID.randomUUID()");

  /** Annotations for the compiler are no dependency: nothing of them is there at run time. */
  static final ArchRule RAFT_NEEDS_ONLY_THE_JDK =
      classes()
          .that()
          .resideInAPackage(RAFT)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(RAFT, "java..", "org.jspecify.annotations..");

  static final ArchRule RAFT_REACHES_NOTHING =
      noClasses()
          .that()
          .resideInAPackage(RAFT)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.util.concurrent..",
                      "java.io..",
                      "java.nio.file..",
                      "java.nio.channels..",
                      "java.net..",
                      "java.lang.invoke..",
                      "java.lang.reflect..")
                  .or(named(Thread.class, ThreadLocal.class, Process.class, Runtime.class))
                  .or(named(java.security.SecureRandom.class, java.util.Timer.class)));

  static final ArchRule RAFT_KNOWS_NO_TIME =
      noClasses()
          .that()
          .resideInAPackage(RAFT)
          .should()
          .accessTargetWhere(isOneOf("read a clock", ArchitectureRules::readsClock));

  static final ArchRule RAFT_KNOWS_NO_CHANCE =
      noClasses()
          .that()
          .resideInAPackage(RAFT)
          .should()
          .accessTargetWhere(isOneOf("roll dice", ArchitectureRules::rollsDice));

  static final ArchRule LMDB_IN_STORAGE_ONLY =
      noClasses()
          .that()
          .resideOutsideOfPackage(STORAGE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.lmdbjava..");

  static final ArchRule GRPC_AT_THE_EDGES_ONLY =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.flotilla.contract..",
              "io.flotilla.internal..",
              "io.flotilla.router..",
              "io.flotilla.client..",
              "io.flotilla.shard.transport..",
              "io.flotilla.server..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.grpc..");

  static final ArchRule WIRE_TYPES_STAY_ABOVE_STORAGE =
      noClasses()
          .that()
          .resideInAnyPackage(RAFT, STORAGE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GENERATED);

  static final ArchRule MODULES_POINT_ONE_WAY = classes().should(new ModuleDirection());

  static final ArchRule NO_PACKAGE_CYCLES =
      slices().matching("io.flotilla.(**)").should().beFreeOfCycles();

  static final ArchRule NO_JAVA_SERIALIZATION =
      noClasses()
          .should()
          .dependOnClassesThat(
              named(ObjectInputStream.class, ObjectOutputStream.class, Externalizable.class));

  static final ArchRule CLOCKS_COME_FROM_THE_COMPOSITION_ROOT =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.flotilla.server")
          .and(describe("are no real clock", type -> !isRealClock(type)))
          .should()
          .accessTargetWhere(isOneOf("read a clock", ArchitectureRules::readsClock));

  /** An application that uses the SDK must not come to depend on what is below it. */
  static final ArchRule SDK_SHOWS_ONLY_ITS_OWN_TYPES =
      classes()
          .that()
          .resideInAPackage("io.flotilla.client..")
          .and()
          .arePublic()
          .should(
              new SignatureRule(
                  "com.google.",
                  "io.grpc.",
                  "io.netty.",
                  "io.flotilla.contract.",
                  "io.flotilla.internal.",
                  "io.flotilla.router."));

  static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
      classes()
          .that()
          .resideOutsideOfPackages(GENERATED)
          .should()
          .beAssignableTo(
              describe(
                  "a type of a package with @NullMarked",
                  type ->
                      type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")));

  private ArchitectureRules() {}

  private static boolean isRealClock(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return REAL_CLOCKS.contains(nested < 0 ? name : name.substring(0, nested));
  }

  private static DescribedPredicate<JavaClass> named(Class<?>... types) {
    return describe(
        "are named",
        type -> Set.of(types).stream().anyMatch(named -> named.getName().equals(type.getName())));
  }

  /** What a call or a method reference aims at. */
  private interface Aim {
    boolean matches(String owner, String name, String signature);
  }

  private static DescribedPredicate<JavaAccess<?>> isOneOf(String what, Aim aim) {
    return describe(
        what,
        access -> {
          AccessTarget target = access.getTarget();
          if (!(target instanceof CodeUnitAccessTarget unit)) {
            return false;
          }
          String name = unit.getOwner().getName() + "." + unit.getName();
          return aim.matches(unit.getOwner().getName(), name, name + parameters(unit));
        });
  }

  private static String parameters(CodeUnitAccessTarget unit) {
    return unit.getRawParameterTypes().stream()
        .map(JavaClass::getName)
        .toList()
        .toString()
        .replace('[', '(')
        .replace(']', ')');
  }

  private static boolean readsClock(String owner, String name, String signature) {
    boolean javaTime = owner.startsWith("java.time.");
    return CLOCK_READS.contains(name)
        || (javaTime && name.endsWith(".now"))
        || (owner.equals("java.time.Clock") && signature.contains("Clock.system"))
        || signature.equals("java.util.Date.<init>()");
  }

  private static boolean rollsDice(String owner, String name, String signature) {
    return CHANCE.contains(signature)
        || name.equals("java.util.concurrent.ThreadLocalRandom.current");
  }
}
