package io.flotilla.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.GetCatalogRequest;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.Request;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeedTest {
  private static final Request MAP =
      Request.newBuilder().setGetCatalog(GetCatalogRequest.getDefaultInstance()).build();

  private static Principal with(Role... roles) {
    List<Grant> grants =
        List.of(roles).stream().map(role -> new Grant(role, ByteString.EMPTY)).toList();
    return new Principal("somebody", grants, Set.of(), Map.of());
  }

  @Test
  void theMapOfShardsIsForWhoeverMayDoAnything() {
    for (Role role : Role.values()) {
      assertThat(Need.of(MAP).isMetBy(with(role))).as(role.toString()).isTrue();
    }
    assertThat(Need.of(MAP).isMetBy(with())).isFalse();
  }

  @Test
  void anOperatorReadsNoKeys() {
    Request get =
        Request.newBuilder()
            .setGet(GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("a")))
            .build();
    assertThat(Need.of(get).isMetBy(with(Role.OPERATOR))).isFalse();
    assertThat(Need.of(get).isMetBy(with(Role.READER))).isTrue();
  }
}
