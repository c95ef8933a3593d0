package io.flotilla.router.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.ErrorDetail;
import io.flotilla.contract.v1.Outcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StatusMapperTest {
  @ParameterizedTest
  @CsvSource({
    "INVALID_ARGUMENT, INVALID_ARGUMENT",
    "NOT_LEADER, UNAVAILABLE",
    "STALE_ROUTE, UNAVAILABLE",
    "NOT_FOUND, NOT_FOUND",
    "OVERLOADED, RESOURCE_EXHAUSTED",
    "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED",
    "UNAVAILABLE, UNAVAILABLE",
    "LEADERSHIP_LOST, ABORTED",
    "SESSION_EXPIRED, FAILED_PRECONDITION",
    "CROSSES_SHARDS, INVALID_ARGUMENT",
    "FAILED_PRECONDITION, FAILED_PRECONDITION",
    "WRONG_CLUSTER, FAILED_PRECONDITION",
    "INTERNAL, INTERNAL",
    "DISK_FULL, RESOURCE_EXHAUSTED",
    "UNSPECIFIED, UNKNOWN"
  })
  void eachCodeHasAStatus(String code, Status.Code expected) {
    assertThat(StatusMapper.code(error(code, Outcome.OUTCOME_NOT_APPLIED))).isEqualTo(expected);
  }

  @Test
  void theDocumentListsTheSameStatuses() throws Exception {
    Pattern row = Pattern.compile("\\| \\d+ \\| `(\\w+)` \\| [\\w ]+ \\| (\\w+)[^|]*\\|.*");
    int rows = 0;
    for (String line : Files.readAllLines(Path.of("../docs/errors.md"))) {
      Matcher cells = row.matcher(line);
      if (cells.matches()) {
        rows++;
        assertThat(StatusMapper.code(error(cells.group(1), Outcome.OUTCOME_UNSPECIFIED)).name())
            .as(line)
            .isEqualTo(cells.group(2));
      }
    }
    assertThat(rows).isEqualTo(ErrorCode.values().length - 2);
  }

  /** Proxies and generic clients repeat what ends with UNAVAILABLE. */
  @ParameterizedTest
  @EnumSource(value = ErrorCode.class, names = "UNRECOGNIZED", mode = EnumSource.Mode.EXCLUDE)
  void whatMayHaveBeenAppliedIsNeverUnavailable(ErrorCode code) {
    ErrorDetail error =
        ErrorDetail.newBuilder().setCode(code).setOutcome(Outcome.OUTCOME_UNKNOWN).build();
    assertThat(StatusMapper.code(error)).isNotEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void theWholeErrorRidesAlong() throws Exception {
    ErrorDetail error =
        error("NOT_LEADER", Outcome.OUTCOME_NOT_APPLIED).toBuilder()
            .setMessage("ask node 3")
            .setLeaderNodeId(3)
            .build();
    StatusRuntimeException exception = StatusMapper.toException(error);
    assertThat(exception.getStatus().getDescription()).isEqualTo("NOT_LEADER: ask node 3");
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(exception));
    assertThat(status.getDetails(0).unpack(ErrorDetail.class)).isEqualTo(error);
  }

  private static ErrorDetail error(String code, Outcome outcome) {
    return ErrorDetail.newBuilder()
        .setCode(ErrorCode.valueOf("ERROR_CODE_" + code))
        .setOutcome(outcome)
        .build();
  }
}
