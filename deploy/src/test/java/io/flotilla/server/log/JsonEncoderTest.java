package io.flotilla.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MDC;

class JsonEncoderTest {
  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void prepare() {
    context.setMDCAdapter(MDC.getMDCAdapter());
  }

  private Logger json() {
    JsonEncoder encoder = new JsonEncoder();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    encoder.setContext(context);
    encoder.start();
    appender.setEncoder(encoder);
    appender.setOutputStream(out);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return context.getLogger("io.flotilla.Some");
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void event_isAnObjectWithItsOwnFields() throws IOException {
    json()
        .atWarn()
        .addKeyValue("shard", 7L)
        .addKeyValue("forwarded", true)
        .addKeyValue("method", "put")
        .log("is {} in \"quotes\"\nand lines", "LEADER");

    assertThat(lines()).hasSize(1);
    JsonNode event = new ObjectMapper().readTree(lines().get(0));
    assertThat(event.get("level").asText()).isEqualTo("WARN");
    assertThat(event.get("logger").asText()).isEqualTo("io.flotilla.Some");
    assertThat(event.get("message").asText()).isEqualTo("is LEADER in \"quotes\"\nand lines");
    assertThat(event.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(event.get("shard").asLong()).isEqualTo(7);
    assertThat(event.get("forwarded").asBoolean()).isTrue();
    assertThat(event.get("method").asText()).isEqualTo("put");
    assertThat(event.has("error")).isFalse();
  }

  @Test
  void failure_comesWithItsStackInOneLine() throws IOException {
    json().error("broken", new IllegalStateException("on purpose"));
    assertThat(lines()).hasSize(1);
    assertThat(new ObjectMapper().readTree(lines().get(0)).get("error").asText())
        .contains("IllegalStateException: on purpose")
        .contains("\tat " + JsonEncoderTest.class.getName());
  }

  /** As logback.xml says. */
  @Test
  void text_hasTheFieldsFirstAndNoForgedLines() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(JsonEncoder.class.getResource("/logback.xml")));
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    ((OutputStreamAppender<ILoggingEvent>) Objects.requireNonNull(root.getAppender("stderr")))
        .setOutputStream(out);
    Logger logger = context.getLogger("io.flotilla.Some");
    logger.atInfo().addKeyValue("shard", 7).addKeyValue("term", 3).log("is well");
    logger.info("first\n2026-01-01 ERROR forged\u001b[31m");
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).endsWith("INFO  Some [main] shard=\"7\" term=\"3\" is well");
    assertThat(lines().get(1)).endsWith("INFO  Some [main] first?2026-01-01 ERROR forged?[31m");
  }
}
