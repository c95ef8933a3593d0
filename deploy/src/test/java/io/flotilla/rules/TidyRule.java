package io.flotilla.rules;

import java.util.List;
import java.util.function.Function;

/**
 * A rule about the text of files.
 *
 * @param name what must be so
 * @param check gives one line for each place where it is not
 */
record TidyRule(String name, Function<List<SourceFile>, List<String>> check) {
  /** A rule that looks at one file at a time. */
  static TidyRule each(String name, Function<SourceFile, List<String>> check) {
    return new TidyRule(
        name,
        files ->
            files.stream()
                .flatMap(file -> check.apply(file).stream().map(place -> file.path() + ":" + place))
                .toList());
  }

  @Override
  public String toString() {
    return name;
  }
}
