package io.flotilla.cli.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void encode_thenDecode_givesTheSameBytes(Encoding encoding) {
    ByteString bytes = ByteString.copyFromUtf8("Morgongåva \\ \t \u0000 日本");
    assertThat(encoding.decode(encoding.encode(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"HEX", "BASE64"})
  void encode_anyByte_isPlainAscii(Encoding encoding) {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    ByteString bytes = ByteString.copyFrom(all);
    assertThat(encoding.encode(bytes)).matches("[A-Za-z0-9+/=]*");
    assertThat(encoding.decode(encoding.encode(bytes))).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0g", "zz", "0 "})
  void decode_badHex_saysWhatIsWanted(String text) {
    assertThatThrownBy(() -> Encoding.HEX.decode(text)).hasMessageContaining("even number");
  }

  @Test
  void decode_badBase64_isRefused() {
    assertThatThrownBy(() -> Encoding.BASE64.decode("a*b")).hasMessageContaining("not base64");
  }

  @Test
  void decode_replacementCharacter_isRefusedAsText() {
    assertThatThrownBy(() -> Encoding.TEXT.decode("caf\uFFFD")).hasMessageContaining("--hex");
  }

  @Test
  void show_plainText_isUnchanged() {
    assertThat(Encoding.TEXT.show(ByteString.copyFromUtf8("{\"a\":\"x\\n\"} 日本 é")))
        .isEqualTo("{\"a\":\"x\\n\"} 日本 é");
  }

  @Test
  void show_controlCharacters_neverReachATerminal() {
    ByteString bytes = ByteString.copyFromUtf8("a\u001b[31m\tb\\\u202e\n\u0085");
    assertThat(Encoding.TEXT.show(bytes))
        .isEqualTo("a\\x1b[31m\\x09b\\\\\\xe2\\x80\\xae\\x0a\\xc2\\x85");
  }

  @Test
  void show_bytesThatAreNoText_areEscapedOneByOne() {
    ByteString bytes =
        ByteString.copyFrom(new byte[] {'k', 0, (byte) 0xff, (byte) 0xc3, (byte) 0xe9});
    assertThat(Encoding.TEXT.show(bytes)).isEqualTo("k\\x00\\xff\\xc3\\xe9");
    ByteString mixed = ByteString.copyFromUtf8("日😀").concat(ByteString.fromHex("fe"));
    assertThat(Encoding.TEXT.show(mixed)).isEqualTo("日😀\\xfe");
  }

  @Test
  void cut_keepsToTheColumns() {
    assertThat(Printable.cut("short", 5)).isEqualTo("short");
    assertThat(Printable.cut("longer", 5)).isEqualTo("long…");
    assertThat(Printable.cut("日本日本", 5)).isEqualTo("日本…");
  }
}
