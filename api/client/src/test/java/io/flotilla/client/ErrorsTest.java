package io.flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorDetail;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static final Set<ErrorCode> OF_THE_CLIENT =
      EnumSet.of(ErrorCode.CLOSED, ErrorCode.INTERRUPTED);

  @Test
  void eachCodeOfTheContractHasOneOfTheSameName() {
    Set<ErrorCode> reached = EnumSet.copyOf(OF_THE_CLIENT);
    for (io.flotilla.contract.v1.ErrorCode code : io.flotilla.contract.v1.ErrorCode.values()) {
      if (code == io.flotilla.contract.v1.ErrorCode.UNRECOGNIZED || code.getNumber() == 0) {
        continue;
      }
      ErrorCode mapped = Errors.of(detail(code.getNumber(), 1), true).code();
      assertThat(mapped.name()).isEqualTo(code.name().substring("ERROR_CODE_".length()));
      reached.add(mapped);
    }
    assertThat(reached).containsExactly(ErrorCode.values());
  }

  @Test
  void aReadIsNeverUnknown() {
    assertThat(Errors.of(detail(6, 2), true).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(Errors.of(detail(6, 2), false).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(Errors.of(detail(6, 1), true).outcome()).isEqualTo(Outcome.NOT_APPLIED);
    assertThat(Errors.of(detail(1, 3), true).outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(Errors.of(detail(6, 0), true).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(Errors.of(detail(77, 77), true).outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(Errors.of(detail(0, 2), true).code()).isEqualTo(ErrorCode.INTERNAL);
    assertThat(Errors.of(detail(77, 77), true).code()).isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void saysWhereItComesFrom() {
    FlotillaException failure =
        Errors.of(
            detail(9, 3).toBuilder().setShardId(7).setNodeId(3).setMessage("gone").build(), true);
    assertThat(failure).hasMessage("gone");
    assertThat(failure.shardId()).isEqualTo(7);
    assertThat(failure.nodeId()).isEqualTo(3);
    assertThat(failure.here()).hasMessage("gone").hasCause(failure);
    assertThat(Errors.of(detail(9, 3), true)).hasMessage("SESSION_EXPIRED");
  }

  private static ErrorDetail detail(int code, int outcome) {
    return ErrorDetail.newBuilder().setCodeValue(code).setOutcomeValue(outcome).build();
  }
}
