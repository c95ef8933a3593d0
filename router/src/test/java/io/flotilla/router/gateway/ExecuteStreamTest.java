package io.flotilla.router.gateway;

import static io.flotilla.router.TestRoutes.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Flow control and numbers of one stream; the test runs the tasks of the executor. */
class ExecuteStreamTest {
  private static final GatewayConfig CONFIG = new GatewayConfig(4, 10, 1_000, 3, 10, 1);

  private final FakeNode node = new FakeNode();
  private final Gateway gateway = node.gateway();
  private final FakeCallObserver<ReplyFrame> out = new FakeCallObserver<>();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<CompletableFuture<Reply>> open = new ArrayList<>();
  private final ExecuteStream stream = new ExecuteStream(gateway, CONFIG, tasks::add, out);

  @BeforeEach
  void openStream() {
    node.local =
        request -> {
          CompletableFuture<Reply> reply = new CompletableFuture<>();
          open.add(reply);
          return reply;
        };
    stream.open();
  }

  @Test
  void repliesCarryTheNumbersOfTheirRequests() {
    stream.onNext(frame(7, 8, 9));
    answer(2);
    answer(0);
    run();
    assertThat(ids()).containsExactly(9L, 7L);
    answer(1);
    run();
    assertThat(ids()).containsExactly(9L, 7L, 8L);
  }

  @Test
  void aServerThatStopsAnswersWhatItReadAndReadsNoMore() {
    stream.onNext(frame(1, 2));
    int requested = out.requested;
    CompletableFuture<Void> drained = gateway.open().drain();
    answer(0);
    run();
    assertThat(ids()).containsExactly(1L);
    assertThat(out.completed).isFalse();
    assertThat(drained).isNotDone();
    answer(1);
    run();
    assertThat(ids()).containsExactly(1L, 2L);
    assertThat(out.completed).isTrue();
    assertThat(drained).isCompleted();
    stream.onNext(frame(3));
    assertThat(open).as("what crossed the end is not begun").hasSize(2);
    assertThat(out.requested).isEqualTo(requested);
  }

  @Test
  void aFrameIsAskedForOnlyWhileFewCallsAreOpen() {
    assertThat(out.autoRequest).isFalse();
    assertThat(out.requested).isEqualTo(1);
    stream.onNext(frame(1, 2, 3));
    assertThat(out.requested).isEqualTo(2);
    stream.onNext(frame(4, 5));
    assertThat(out.requested).as("five are open").isEqualTo(2);
    answer(0);
    run();
    assertThat(out.requested).as("four are open").isEqualTo(2);
    answer(1);
    run();
    assertThat(out.requested).as("three are open").isEqualTo(3);
    answer(2);
    run();
    assertThat(out.requested).as("one frame at a time").isEqualTo(3);
  }

  @Test
  void aClientThatDoesNotReadIsNotServed() {
    out.ready = false;
    stream.onNext(frame(1, 2, 3, 4));
    for (int i = 0; i < 4; i++) {
      answer(i);
    }
    run();
    assertThat(out.sent).isEmpty();
    assertThat(out.requested).isEqualTo(1);
    out.becomeReady();
    run();
    assertThat(ids()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(out.sent).as("three replies a frame").hasSize(2);
    assertThat(out.requested).isEqualTo(2);
  }

  @Test
  void largeRepliesGoAlone() {
    stream.onNext(frame(1, 2));
    answerLarge(0);
    answerLarge(1);
    run();
    assertThat(out.sent).hasSize(2);
  }

  @Test
  void endsWhenTheClientIsDoneAndAllIsAnswered() {
    stream.onNext(frame(1));
    stream.onCompleted();
    run();
    assertThat(out.completed).isFalse();
    answer(0);
    run();
    assertThat(ids()).containsExactly(1L);
    assertThat(out.completed).isTrue();
  }

  @Test
  void tooManyRequestsInOneFrameEndTheStream() {
    stream.onNext(frame(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    run();
    assertThat(open).isEmpty();
    assertThat(out.failure).isInstanceOf(StatusRuntimeException.class);
    assertThat(Status.fromThrowable(Objects.requireNonNull(out.failure)).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void nothingIsWrittenToAClientThatLeft() {
    stream.onNext(frame(1, 2));
    out.cancel();
    answer(0);
    run();
    stream.onError(new IllegalStateException("gone"));
    answer(1);
    run();
    assertThat(out.sent).isEmpty();
    assertThat(out.requested).isEqualTo(2);
  }

  @Test
  void anExecutorThatIsGoneEndsTheStreamQuietly() {
    ExecuteStream other =
        new ExecuteStream(
            node.gateway(),
            CONFIG,
            task -> {
              throw new RejectedExecutionException();
            },
            out);
    other.open();
    other.onNext(frame(1));
    answer(0);
    assertThat(out.sent).isEmpty();
  }

  private void answer(int index) {
    open.get(index).complete(Reply.newBuilder().setPut(PutReply.getDefaultInstance()).build());
  }

  private void answerLarge(int index) {
    PutReply.Builder large = PutReply.newBuilder();
    large.getPreviousBuilder().setValue(ByteString.copyFrom(new byte[2_000]));
    open.get(index).complete(Reply.newBuilder().setPut(large).build());
  }

  private void run() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private List<Long> ids() {
    return out.sent.stream()
        .flatMap(frame -> frame.getRepliesList().stream())
        .map(Reply::getId)
        .toList();
  }

  private static RequestFrame frame(long... ids) {
    RequestFrame.Builder frame = RequestFrame.newBuilder();
    for (long id : ids) {
      Request request = put("a", 60_000);
      frame.addRequests(
          request.toBuilder().setId(id).setContext(request.getContext().toBuilder().setShardId(2)));
    }
    return frame.build();
  }
}
