package io.flotilla.client.violations;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Request;
import io.grpc.Status;
import java.util.List;
import java.util.Map;

/** Shows an application what is below the SDK: in a parameter, in a type parameter, in a field. */
public class LeakyClient {
  /** Of the contract. */
  protected final Request last;

  /** Of protobuf. */
  public LeakyClient(ByteString key) {
    this.last = hidden(key);
  }

  /** Of gRPC. */
  public Map<String, List<Status>> statuses() {
    return Map.of();
  }

  private static Request hidden(ByteString key) {
    return Request.newBuilder().setId(key.size()).build();
  }
}
