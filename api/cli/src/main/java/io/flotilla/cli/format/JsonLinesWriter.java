package io.flotilla.cli.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;

/** Writes one JSON object a line; bytes that are no text become {@code key_base64}. */
final class JsonLinesWriter implements RecordWriter {
  private final OutputStream out;
  private final Encoding encoding;
  private final JsonGenerator json;

  JsonLinesWriter(OutputStream out, Encoding encoding) {
    this.out = out;
    this.encoding = encoding;
    try {
      this.json =
          new JsonFactory()
              .createGenerator(out)
              .configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false)
              .configure(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM, false)
              .setRootValueSeparator(null);
    } catch (IOException e) {
      throw new IllegalStateException("a generator writes nothing when it is made", e);
    }
  }

  @Override
  public void write(ByteString key, ByteString value) throws IOException {
    json.writeStartObject();
    field("key", key);
    field("value", value);
    json.writeEndObject();
    json.flush();
    out.write('\n');
  }

  private void field(String name, ByteString bytes) throws IOException {
    Encoding used = JsonFields.of(encoding, bytes);
    json.writeStringField(JsonFields.name(used, name), used.encode(bytes));
  }
}
