package io.flotilla.server.config;

import io.flotilla.cli.Durations;
import io.flotilla.cli.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * What the text of a setting means.
 *
 * @param form what a value looks like, such as {@code TIME}
 * @param bounds what it may be, for people; empty where every value of the form will do
 * @param parser reads it, or throws {@link IllegalArgumentException} with what is wanted instead
 * @param <T> what it is read as
 */
record Kind<T>(String form, String bounds, Function<String, T> parser) {
  /** What YAML makes of {@code off}, too. */
  private static final Set<String> OFF = Set.of("off", "false", "0");

  /** The value of a text. */
  T parse(String text) {
    return parser.apply(text);
  }

  static Kind<Path> directory() {
    return new Kind<>("DIR", "", Path::of);
  }

  /** Empty: not set. Absolute. */
  static Kind<Optional<Path>> fileOrUnset() {
    return new Kind<>(
        "FILE", "", text -> unlessBlank(text).map(t -> Path.of(t).toAbsolutePath().normalize()));
  }

  static Kind<HostPort> address() {
    return new Kind<>("HOST:PORT", "", HostPort::parse);
  }

  /** Empty: not set, which is what an empty text means, too. */
  static Kind<Optional<HostPort>> addressOrUnset() {
    return new Kind<>("HOST:PORT", "", text -> unlessBlank(text).map(HostPort::parse));
  }

  /** The text; {@code off} is empty. */
  static Kind<Optional<HostPort>> addressOrOff() {
    return new Kind<>(
        "HOST:PORT|off",
        "",
        text -> isOff(text) ? Optional.empty() : unlessBlank(text).map(HostPort::parse));
  }

  static Kind<List<HostPort>> addresses() {
    return new Kind<>(
        "HOST:PORT,…", "", text -> unlessBlank(text).map(HostPort::parseList).orElse(List.of()));
  }

  static Kind<SortedMap<String, String>> labels() {
    return new Kind<>("KEY=VALUE,…", "at most 16", Labels::parse);
  }

  static Kind<Long> number(long least, long most) {
    return new Kind<>("N", least + " to " + most, text -> number(text, least, most));
  }

  /** 0: off. */
  static Kind<Long> numberOrOff(long least, long most) {
    return new Kind<>(
        "N|off", least + " to " + most, text -> isOff(text) ? 0L : number(text, least, most));
  }

  private static long number(String text, long least, long most) {
    String wanted = "is not a whole number from " + least + " to " + most;
    try {
      long number = Long.parseLong(text.trim());
      if (number < least || number > most) {
        throw new IllegalArgumentException(wanted);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wanted, e);
    }
  }

  static Kind<Duration> time(Duration least, Duration most) {
    return new Kind<>("TIME", span(least, most), text -> time(text, least, most));
  }

  /** Zero: off. */
  static Kind<Duration> timeOrOff(Duration least, Duration most) {
    return new Kind<>(
        "TIME|off",
        span(least, most),
        text -> isOff(text) ? Duration.ZERO : time(text, least, most));
  }

  private static String span(Duration least, Duration most) {
    return Durations.write(least) + " to " + Durations.write(most);
  }

  private static Duration time(String text, Duration least, Duration most) {
    Duration time = Durations.parse(text);
    if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "is not from " + Durations.write(least) + " to " + Durations.write(most));
    }
    return time;
  }

  static Kind<Long> size(long least, long most) {
    return new Kind<>(
        "SIZE",
        Sizes.write(least) + " to " + Sizes.write(most),
        text -> Sizes.parse(text, least, most));
  }

  /** 0: off. */
  static Kind<Long> sizeOrOff(long least, long most) {
    return new Kind<>(
        "SIZE|off",
        Sizes.write(least) + " to " + Sizes.write(most),
        text -> isOff(text) ? 0L : Sizes.parse(text, least, most));
  }

  /** Bytes a second; 0: no bound. */
  static Kind<Long> rate() {
    return new Kind<>("RATE", "1MiB to 1TiB, or unlimited", Sizes::parseRate);
  }

  static Kind<Boolean> onOrOff() {
    return new Kind<>(
        "on|off",
        "",
        text ->
            switch (text.trim().toLowerCase(Locale.ROOT)) {
              case "on", "true" -> true; // YAML calls it true
              case "off", "false" -> false;
              default -> throw new IllegalArgumentException("is neither on nor off");
            });
  }

  /** One of some words, in lower case. */
  static Kind<String> oneOf(String... words) {
    List<String> all = Arrays.asList(words);
    return new Kind<>(
        String.join("|", all),
        "",
        text -> {
          String word = text.trim().toLowerCase(Locale.ROOT);
          if (!all.contains(word)) {
            throw new IllegalArgumentException("is none of " + String.join(", ", all));
          }
          return word;
        });
  }

  private static boolean isOff(String text) {
    return OFF.contains(text.trim().toLowerCase(Locale.ROOT));
  }

  private static Optional<String> unlessBlank(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }
}
