package io.flotilla.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TidyTest {
  private static final List<SourceFile> PROJECT = SourceTree.read();
  private static final String MAIN = "shard/src/main/java/p/A.java";
  private static final String TEST = "shard/src/test/java/p/A.java";

  static List<TidyRule> rules() {
    return TidyRules.ALL;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void project_obeys(TidyRule rule) {
    assertThat(rule.check().apply(PROJECT)).isEmpty();
  }

  @Test
  void everyModule_isLookedAt() {
    for (String root : List.of("raft/", "storage/", "shard/", "router/", "api/cli/", "deploy/")) {
      assertThat(PROJECT).as(root).anyMatch(file -> file.path().startsWith(root + "src/main/"));
    }
    assertThat(PROJECT).anyMatch(SourceFile::isTest);
  }

  @Test
  void fileLength_countsLines() {
    assertThat(found(TidyRules.FILE_LENGTH, MAIN, "// x\n".repeat(500))).isEmpty();
    assertThat(found(TidyRules.FILE_LENGTH, MAIN, "// x\n".repeat(501)))
        .containsExactly(MAIN + ":500: 501 lines");
  }

  @Test
  void methodLength_countsFromTheNameToTheBrace() {
    assertThat(found(TidyRules.METHOD_LENGTH, MAIN, method("void m() {", 58))).isEmpty();
    for (String header :
        List.of(
            "void m() {",
            "A(int x) {",
            "@SuppressWarnings({\"a\", \"b\"}) static <T> List<T> m(Map<String, T> x) {",
            "void m(int a,\n int b)\n throws IOException, java.io.EOFException {",
            "public A {",
            "static {")) {
      assertThat(found(TidyRules.METHOD_LENGTH, MAIN, method(header, 59))).as(header).hasSize(1);
    }
  }

  @Test
  void methodLength_isOfTheMethodAlone() {
    String nested = "class B {\n" + method("void m() {", 40) + method("void n() {", 40) + "}\n";
    assertThat(found(TidyRules.METHOD_LENGTH, MAIN, "record A(int x) {\n" + nested + "}\n"))
        .isEmpty();
    String braces = "int x = f(() -> { return 1; });\n for (;;) { if (a) { s = \"}\"; } } // }\n";
    assertThat(found(TidyRules.METHOD_LENGTH, MAIN, "class A { void m() {\n" + braces + "}}\n"))
        .isEmpty();
    assertThat(
            found(
                TidyRules.METHOD_LENGTH,
                MAIN,
                "class A { void m() {\n" + braces.repeat(40) + "}}\n"))
        .containsExactly(MAIN + ":1: m has 82 lines");
  }

  @Test
  void lineLength_countsCharactersAndSparesImports() {
    assertThat(found(TidyRules.LINE_LENGTH, MAIN, "é".repeat(100))).isEmpty();
    assertThat(found(TidyRules.LINE_LENGTH, MAIN, "x".repeat(101))).hasSize(1);
    assertThat(found(TidyRules.LINE_LENGTH, MAIN, "import " + "x".repeat(101) + ";")).isEmpty();
  }

  @Test
  void examples_areMissed() {
    String kv = "api/client/src/main/java/io/flotilla/client/Kv.java";
    assertThat(found(TidyRules.EXAMPLES, kv, "/** Keys. */\npublic interface Kv {}\n")).hasSize(1);
    assertThat(
            found(
                TidyRules.EXAMPLES,
                kv,
                "/** Keys. */\npublic interface Kv {\n  // <pre>{@code\n}\n"))
        .hasSize(1);
    assertThat(
            found(
                TidyRules.EXAMPLES,
                kv,
                "/**\n * <pre>{@code\n * kv.put(a, b);\n * }</pre>\n */\npublic interface Kv {}\n"))
        .isEmpty();
    assertThat(found(TidyRules.EXAMPLES, MAIN, "public interface A {}\n")).isEmpty();
  }

  @Test
  void tabs_areFound() {
    assertThat(found(TidyRules.NO_TABS, MAIN, "a\n\tb\n")).containsExactly(MAIN + ":2: b");
  }

  @Test
  void marks_areFoundInComments() {
    String code = "class A {\n  // TODO later\n  /* so\n * FIXME too */ String s = \"TODO\";\n}";
    assertThat(found(TidyRules.NO_MARKS, MAIN, code)).hasSize(2);
  }

  @Test
  void sleep_isFoundInTestsOnly() {
    String code =
        "void m() {\n Thread.sleep(5);\n TimeUnit.SECONDS.sleep(1);\n SECONDS.sleep(1);\n}";
    assertThat(found(TidyRules.NO_SLEEP_IN_TESTS, TEST, code)).hasSize(3);
    assertThat(found(TidyRules.NO_SLEEP_IN_TESTS, MAIN, code)).isEmpty();
  }

  @Test
  void standardStreams_areFoundInMainOnly() {
    String code = "void m() {\n System.out.println();\n f(System.err);\n // System.out\n}";
    assertThat(found(TidyRules.NO_STANDARD_STREAMS, MAIN, code)).hasSize(2);
    assertThat(found(TidyRules.NO_STANDARD_STREAMS, TEST, code)).isEmpty();
  }

  @Test
  void packageWithoutInfo_isFoundInMainAndInTests() {
    SourceFile main = SourceFile.of(MAIN, "");
    SourceFile test = SourceFile.of(TEST, "");
    SourceFile info = SourceFile.of("shard/src/main/java/p/package-info.java", "");
    assertThat(TidyRules.PACKAGE_INFO.check().apply(List.of(main, test, info)))
        .containsExactly("shard/src/test/java/p: no package-info.java");
  }

  private static List<String> found(TidyRule rule, String path, String content) {
    return rule.check().apply(List.of(SourceFile.of(path, content)));
  }

  private static String method(String header, int bodyLines) {
    return "class A {\n" + header + "\n" + "x();\n".repeat(bodyLines) + "}\n}\n";
  }
}
