package io.flotilla.router.gateway;

import static io.flotilla.router.TestRoutes.bytes;
import static io.flotilla.router.TestRoutes.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.SettleWriteRequest;
import io.flotilla.contract.v1.Settlement;
import io.flotilla.router.Failures;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The unary methods: each brings its request and its context to the gateway, and one answer. */
class KvServiceTest {
  private static final Context WRITE =
      Context.newBuilder().setSessionId(7).setSequence(8).setTimeoutMillis(100).build();

  private final FakeNode node = new FakeNode();
  private final KvService service =
      new KvService(node.gateway(), GatewayConfig.defaults(), Runnable::run);

  private static final class Answers<T> implements StreamObserver<T> {
    final List<Object> got = new ArrayList<>();

    @Override
    public void onNext(T answer) {
      got.add(answer);
    }

    @Override
    public void onError(Throwable failure) {
      got.add(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      got.add("completed");
    }
  }

  private void answerWith(Reply.Builder reply) {
    node.local = request -> CompletableFuture.completedFuture(reply.build());
  }

  private Request executed() {
    assertThat(node.executed).hasSize(1);
    Request request = node.executed.get(0);
    assertThat(request.getContext().getSessionId()).isEqualTo(7);
    assertThat(request.getContext().getSequence()).isEqualTo(8);
    assertThat(request.getContext().getShardId()).isEqualTo(2);
    return request;
  }

  @Test
  void increment() {
    IncrementReply sum = IncrementReply.newBuilder().setValue(3).setRevision(9).build();
    answerWith(Reply.newBuilder().setIncrement(sum));
    Answers<IncrementReply> answers = new Answers<>();
    service.increment(
        IncrementRequest.newBuilder().setKey(bytes("a")).setDelta(2).setContext(WRITE).build(),
        answers);
    assertThat(executed().getIncrement().getDelta()).isEqualTo(2);
    assertThat(answers.got).containsExactly(sum, "completed");
  }

  @Test
  void deleteRangeGoesWhereTheRangeBegins() {
    DeleteRangeReply page =
        DeleteRangeReply.newBuilder().setDeleted(4).setNext(range("m", "")).build();
    answerWith(Reply.newBuilder().setDeleteRange(page));
    Answers<DeleteRangeReply> answers = new Answers<>();
    service.deleteRange(
        DeleteRangeRequest.newBuilder().setRange(range("", "")).setContext(WRITE).build(), answers);
    assertThat(executed().getDeleteRange().getRange()).isEqualTo(range("", ""));
    assertThat(answers.got).containsExactly(page, "completed");

    service.deleteRange(
        DeleteRangeRequest.newBuilder().setRange(range("m", "")).setContext(WRITE).build(),
        answers);
    assertThat(node.forwardedTo).containsExactly("node:7002");
  }

  @Test
  void settleWrite() {
    SettleWriteReply told =
        SettleWriteReply.newBuilder()
            .setSettlement(Settlement.SETTLEMENT_ANSWERED)
            .setAnswer(Reply.newBuilder().setPut(PutReply.newBuilder().setApplied(true)))
            .build();
    answerWith(Reply.newBuilder().setSettleWrite(told));
    Answers<SettleWriteReply> answers = new Answers<>();
    service.settleWrite(
        SettleWriteRequest.newBuilder().setKey(bytes("a")).setContext(WRITE).build(), answers);
    assertThat(executed().hasSettleWrite()).isTrue();
    assertThat(answers.got).containsExactly(told, "completed");
  }

  @Test
  void aRefusalIsAStatus() {
    node.local =
        request ->
            CompletableFuture.completedFuture(
                Failures.rejected(ErrorCode.ERROR_CODE_FAILED_PRECONDITION, "no number"));
    Answers<IncrementReply> answers = new Answers<>();
    service.increment(
        IncrementRequest.newBuilder().setKey(bytes("a")).setContext(WRITE).build(), answers);
    assertThat(answers.got).containsExactly(Status.Code.FAILED_PRECONDITION);
  }
}
