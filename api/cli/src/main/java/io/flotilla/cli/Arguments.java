package io.flotilla.cli;

import com.google.protobuf.ByteString;
import io.flotilla.cli.format.Printable;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Value;

/** Arguments, keys and values in messages and tables. */
final class Arguments {
  private static final int SHOWN = 40;

  private Arguments() {}

  /** The name of an argument and as much of its text as fits a line. */
  static String quote(String name, String text) {
    String shown = Printable.cut(Printable.of(ByteString.copyFromUtf8(text)), SHOWN);
    return text.isEmpty() ? name : name + " '" + shown + "'";
  }

  static ByteString bytes(Key key) {
    return ByteString.copyFrom(key.toBytes());
  }

  static ByteString bytes(Value value) {
    return ByteString.copyFrom(value.toBytes());
  }

  /** A key for people. */
  static String show(Key key) {
    return Printable.of(bytes(key));
  }

  /** The first key of a range, for a column of some width. */
  static String start(KeyRange range, int columns) {
    return range.start().map(key -> Printable.cut(show(key), columns)).orElse("(first)");
  }

  /** The key after a range, for a column of some width. */
  static String end(KeyRange range, int columns) {
    return range.end().map(key -> Printable.cut(show(key), columns)).orElse("(last)");
  }
}
