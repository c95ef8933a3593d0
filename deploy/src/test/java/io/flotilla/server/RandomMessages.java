package io.flotilla.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes messages of the type of a method: filled at random, then mostly damaged. */
final class RandomMessages {
  private static final int DEPTH = 4;
  private static final int MOST_REPEATED = 4;
  private static final long NO_SHARD = 1L << 40;
  private static final long[] NUMBERS = {
    0, 1, 2, 3, 21, 100, 255, 1_000, 65_536, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, -1
  };

  private final SplittableRandom random;

  RandomMessages(SplittableRandom random) {
    this.random = random;
  }

  /**
   * The next one.
   *
   * @param believed whether it follows a good handshake: then it goes to no replica that is here,
   *     which would have to obey, and is not damaged, so that this stays so
   */
  byte[] next(MethodDescriptor<?, ?> method, boolean believed) {
    var marshaller = (MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller();
    Message prototype = (Message) marshaller.getMessagePrototype();
    byte[] bytes = fill(prototype.newBuilderForType(), DEPTH, believed).build().toByteArray();
    return believed || random.nextInt(4) == 0 ? bytes : damaged(bytes);
  }

  private Message.Builder fill(Message.Builder message, int depth, boolean believed) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (random.nextInt(3) == 0 || (believed && field.getName().equals("handshake"))) {
        continue;
      }
      if (field.isRepeated()) {
        int many = field.isMapField() ? 0 : random.nextInt(MOST_REPEATED);
        for (int i = 0; i < many; i++) {
          message.addRepeatedField(field, value(message, field, depth, believed));
        }
      } else {
        message.setField(field, value(message, field, depth, believed));
      }
    }
    return message;
  }

  private Object value(Message.Builder in, FieldDescriptor field, int depth, boolean believed) {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    if (believed && field.getName().equals("shard_id")) {
      number = NO_SHARD + random.nextInt(8);
    }
    return switch (field.getJavaType()) {
      case INT -> (int) number;
      case LONG -> number;
      case FLOAT -> (float) number;
      case DOUBLE -> random.nextBoolean() ? Double.NaN : (double) number;
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "s".repeat(random.nextInt(20));
      case BYTE_STRING -> bytes();
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(random.nextInt(values.size()));
      }
      case MESSAGE -> {
        Message.Builder inner = in.newBuilderForField(field);
        yield depth == 0 ? inner.build() : fill(inner, depth - 1, believed).build();
      }
    };
  }

  private ByteString bytes() {
    byte[] bytes = new byte[List.of(0, 1, 3, 16, 481, 5_000).get(random.nextInt(6))];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  /** Bits flipped, bytes lost, bytes that were not there. */
  private byte[] damaged(byte[] good) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(1, 8); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
          System.arraycopy(
              bytes, at, longer, longer.length - (bytes.length - at), bytes.length - at);
          bytes = longer;
        }
      }
    }
    return bytes;
  }
}
