package io.flotilla.server;

import com.google.protobuf.Empty;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Services that are there only once the server has a cluster. Until then their methods answer
 * UNAVAILABLE, which tells any client to try again, rather than UNIMPLEMENTED. Any thread.
 */
final class LateServices extends HandlerRegistry {
  private static final String OURS = "flotilla.v1.";

  private final String notYet;
  private volatile List<ServerServiceDefinition> services = List.of();

  /**
   * None are there.
   *
   * @param notYet what callers are told until then
   */
  LateServices(String notYet) {
    this.notYet = notYet;
  }

  /** From now on these are there. */
  void serve(List<BindableService> added) {
    services = added.stream().map(BindableService::bindService).toList();
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return services;
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
      String methodName, @Nullable String authority) {
    List<ServerServiceDefinition> now = services;
    for (ServerServiceDefinition service : now) {
      ServerMethodDefinition<?, ?> method = service.getMethod(methodName);
      if (method != null) {
        return method;
      }
    }
    return now.isEmpty() && methodName.startsWith(OURS) ? notYet(methodName) : null;
  }

  private ServerMethodDefinition<Empty, Empty> notYet(String methodName) {
    MethodDescriptor<Empty, Empty> method =
        MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(methodName)
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    ServerCallHandler<Empty, Empty> handler =
        (call, headers) -> {
          call.close(Status.UNAVAILABLE.withDescription(notYet), new Metadata());
          return new ServerCall.Listener<>() {};
        };
    return ServerMethodDefinition.create(method, handler);
  }
}
