package io.flotilla.router.access;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.router.Operations;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says of requests what an audit log keeps. */
final class AuditEvents {
  private AuditEvents() {}

  /** Whether a request is one of those that are kept: it changes shards, nodes or rules. */
  static boolean isWorthIt(Request request) {
    return switch (request.getOperationCase()) {
      case SPLIT_SHARD, TRANSFER_LEADER, CHANGE_REPLICAS, CATALOG_UPDATE -> true;
      case PLACEMENT -> !Operations.isRead(request);
      default -> false;
    };
  }

  /** What came of a request. */
  static AuditLog.Event of(Caller caller, Request request, Reply reply) {
    Message operation = operation(request);
    Map<String, String> arguments = new TreeMap<>();
    operation.getAllFields().forEach((field, value) -> arguments.put(field.getName(), show(value)));
    ErrorDetail error = reply.getError();
    return new AuditLog.Event(
        caller.name(),
        caller.from(),
        name(operation),
        arguments,
        reply.hasError() ? error.getCode().name().substring("ERROR_CODE_".length()) : "ok",
        error.getMessage());
  }

  /** The innermost message: requests of the catalog and of placement are wrapped. */
  private static Message operation(Request request) {
    Message operation = request;
    for (Map.Entry<FieldDescriptor, Object> field : request.getAllFields().entrySet()) {
      if (field.getKey().getContainingOneof() != null && field.getValue() instanceof Message it) {
        operation = it;
      }
    }
    if (request.hasCatalogUpdate() || request.hasPlacement()) {
      for (Object value : operation.getAllFields().values()) {
        return value instanceof Message inner ? inner : operation;
      }
    }
    return operation;
  }

  private static String name(Message operation) {
    String type = operation.getDescriptorForType().getName().replaceAll("Request$", "");
    return type.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private static String show(Object value) {
    if (value instanceof ByteString bytes) {
      return Keys.show(bytes);
    }
    if (value instanceof Collection<?> many) {
      return many.stream().map(AuditEvents::show).toList().toString();
    }
    return value.toString().strip().replaceAll("\\s*[\\r\\n]+\\s*", ", ");
  }
}
