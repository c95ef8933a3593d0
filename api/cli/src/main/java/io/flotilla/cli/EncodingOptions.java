package io.flotilla.cli;

import com.google.protobuf.ByteString;
import io.flotilla.cli.format.Encoding;
import io.flotilla.cli.format.Limits;
import io.flotilla.client.Key;
import io.flotilla.client.Value;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How keys and values are written, where they are read and where they are shown. */
final class EncodingOptions {
  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @ArgGroup(exclusive = true)
  @Nullable Choice choice;

  /** One or the other. */
  static final class Choice {
    @Option(names = "--hex", description = "Keys and values are hexadecimal, in and out.")
    boolean hex;

    @Option(names = "--base64", description = "Keys and values are base64, in and out.")
    boolean base64;
  }

  /** The encoding that was asked for; text if none was. */
  Encoding encoding() {
    if (choice == null) {
      return Encoding.TEXT;
    }
    return choice.hex ? Encoding.HEX : Encoding.BASE64;
  }

  /** The key in an argument; a usage error if it is none. */
  Key key(String name, String text) {
    ByteString bytes = decode(name, text);
    reject(name, text, Limits.problemOfKey(bytes));
    return Key.of(bytes.toByteArray());
  }

  /** The value in an argument; a usage error if it is none. */
  Value value(String name, String text) {
    ByteString bytes = decode(name, text);
    reject(name, text, Limits.problemOfValue(bytes));
    return Value.of(bytes.toByteArray());
  }

  private ByteString decode(String name, String text) {
    try {
      return encoding().decode(text);
    } catch (IllegalArgumentException e) {
      throw Usage.wrong(spec, Arguments.quote(name, text) + " " + e.getMessage());
    }
  }

  private void reject(String name, String text, @Nullable String problem) {
    if (problem != null) {
      throw Usage.wrong(spec, Arguments.quote(name, text) + " " + problem);
    }
  }
}
