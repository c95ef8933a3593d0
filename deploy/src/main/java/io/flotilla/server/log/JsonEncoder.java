package io.flotilla.server.log;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.slf4j.event.KeyValuePair;

/**
 * Events as JSON, one a line: time, level, logger, thread, message, then the event's own fields,
 * and the stack trace of a failure.
 */
final class JsonEncoder extends EncoderBase<ILoggingEvent> {
  private static final JsonFactory JSON = new JsonFactory();

  private final ThrowableProxyConverter failures = new ThrowableProxyConverter();

  @Override
  public void start() {
    failures.start();
    super.start();
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(event, json);
    } catch (IOException e) {
      addError("an event cannot be written as JSON", e);
    }
    out.write('\n');
    return out.toByteArray();
  }

  private void write(ILoggingEvent event, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("time", time(event));
    json.writeStringField("level", event.getLevel().toString());
    json.writeStringField("logger", event.getLoggerName());
    json.writeStringField("thread", event.getThreadName());
    json.writeStringField("message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        write(pair, json);
      }
    }
    if (event.getThrowableProxy() != null) {
      json.writeStringField("error", failures.convert(event));
    }
    json.writeEndObject();
  }

  private static void write(KeyValuePair pair, JsonGenerator json) throws IOException {
    if (pair.value instanceof Number number) {
      json.writeNumberField(pair.key, number.longValue());
    } else if (pair.value instanceof Boolean flag) {
      json.writeBooleanField(pair.key, flag);
    } else {
      json.writeStringField(pair.key, String.valueOf(pair.value));
    }
  }

  private static String time(ILoggingEvent event) {
    Instant at = event.getInstant();
    return String.valueOf(at == null ? Instant.ofEpochMilli(event.getTimeStamp()) : at);
  }

  @Override
  public byte[] footerBytes() {
    return "".getBytes(StandardCharsets.UTF_8);
  }
}
