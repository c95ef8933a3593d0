package io.flotilla.rules;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What every file of the project keeps to. */
final class TidyRules {
  private static final int FILE_LINES = 500;
  private static final int METHOD_LINES = 60;
  private static final int COLUMNS = 100;

  private static final List<String> NO_EXAMPLE = List.of("1: no example in the Javadoc");
  private static final Pattern MARK = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
  private static final Pattern SLEEP =
      Pattern.compile("\\b(Thread|TimeUnit(\\.\\w+)?|[A-Z]*SECONDS)\\s*\\.\\s*sleep\\s*\\(");
  private static final Pattern STANDARD_STREAM =
      Pattern.compile("\\bSystem\\s*\\.\\s*(out|err)\\b");

  /** Hands the standard streams to the terminal. */
  private static final String MAIN = "deploy/src/main/java/io/flotilla/server/Main.java";

  static final TidyRule FILE_LENGTH =
      TidyRule.each(
          "a file has at most " + FILE_LINES + " lines",
          file ->
              file.lines().size() <= FILE_LINES
                  ? List.of()
                  : List.of(FILE_LINES + ": " + file.lines().size() + " lines"));

  static final TidyRule METHOD_LENGTH =
      TidyRule.each(
          "a method has at most " + METHOD_LINES + " lines",
          file ->
              MethodLengths.of(file.text().code()).stream()
                  .filter(method -> method.lines() > METHOD_LINES)
                  .map(m -> m.line() + ": " + m.name() + " has " + m.lines() + " lines")
                  .toList());

  static final TidyRule LINE_LENGTH =
      TidyRule.each(
          "a line has at most " + COLUMNS + " columns, but for imports",
          file -> linesWhere(file.lines(), TidyRules::isTooLong));

  static final TidyRule NO_TABS =
      TidyRule.each("no tabs", file -> linesWhere(file.lines(), line -> line.indexOf('\t') >= 0));

  static final TidyRule NO_MARKS =
      TidyRule.each(
          "what is to be done stands in the issues, not in the code",
          file -> linesWhere(file.text().comments().lines().toList(), MARK.asPredicate()));

  static final TidyRule NO_SLEEP_IN_TESTS =
      TidyRule.each(
          "no test sleeps",
          file ->
              file.isTest()
                  ? linesWhere(file.text().code().lines().toList(), SLEEP.asPredicate())
                  : List.of());

  static final TidyRule NO_STANDARD_STREAMS =
      TidyRule.each(
          "only Main knows the standard streams",
          file ->
              file.isTest() || file.path().equals(MAIN)
                  ? List.of()
                  : linesWhere(file.text().code().lines().toList(), STANDARD_STREAM.asPredicate()));

  static final TidyRule PACKAGE_INFO =
      new TidyRule("every package says what it is, in package-info.java", TidyRules::unexplained);

  /** Where an application begins to read. */
  private static final Set<String> MAIN_TYPES =
      Stream.of(
              "FlotillaClient",
              "Kv",
              "AsyncKv",
              "Scan",
              "Batch",
              "ReadOptions",
              "CallListener",
              "PutAllResult",
              "FlotillaException")
          .map(type -> "api/client/src/main/java/io/flotilla/client/" + type + ".java")
          .collect(Collectors.toSet());

  static final TidyRule EXAMPLES =
      TidyRule.each(
          "the main types of the SDK show an example",
          file -> !MAIN_TYPES.contains(file.path()) || showsExample(file) ? List.of() : NO_EXAMPLE);

  static final List<TidyRule> ALL =
      List.of(
          FILE_LENGTH,
          METHOD_LENGTH,
          LINE_LENGTH,
          NO_TABS,
          NO_MARKS,
          NO_SLEEP_IN_TESTS,
          NO_STANDARD_STREAMS,
          PACKAGE_INFO,
          EXAMPLES);

  private TidyRules() {}

  private static boolean showsExample(SourceFile file) {
    return file.lines().stream()
        .takeWhile(line -> !line.startsWith("public "))
        .anyMatch(line -> line.contains("<pre>{@code"));
  }

  private static boolean isTooLong(String line) {
    return line.codePointCount(0, line.length()) > COLUMNS && !line.startsWith("import ");
  }

  private static List<String> linesWhere(List<String> lines, Predicate<String> bad) {
    return IntStream.range(0, lines.size())
        .filter(i -> bad.test(lines.get(i)))
        .mapToObj(i -> (i + 1) + ": " + lines.get(i).strip())
        .toList();
  }

  private static List<String> unexplained(List<SourceFile> files) {
    Set<String> explained =
        files.stream()
            .filter(file -> file.name().equals("package-info.java"))
            .map(SourceFile::directory)
            .collect(Collectors.toSet());
    return files.stream()
        .map(SourceFile::directory)
        .distinct()
        .filter(directory -> !explained.contains(directory))
        .map(directory -> directory + ": no package-info.java")
        .sorted()
        .toList();
  }
}
