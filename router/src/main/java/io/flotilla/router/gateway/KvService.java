package io.flotilla.router.gateway;

import io.flotilla.contract.v1.BatchReply;
import io.flotilla.contract.v1.BatchRequest;
import io.flotilla.contract.v1.CompareAndSetReply;
import io.flotilla.contract.v1.CompareAndSetRequest;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.DeleteRangeReply;
import io.flotilla.contract.v1.DeleteRangeRequest;
import io.flotilla.contract.v1.DeleteReply;
import io.flotilla.contract.v1.DeleteRequest;
import io.flotilla.contract.v1.GetReply;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.IncrementReply;
import io.flotilla.contract.v1.IncrementRequest;
import io.flotilla.contract.v1.KvGrpc;
import io.flotilla.contract.v1.MultiGetReply;
import io.flotilla.contract.v1.MultiGetRequest;
import io.flotilla.contract.v1.PutReply;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.ReplyFrame;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.RequestFrame;
import io.flotilla.contract.v1.ScanReply;
import io.flotilla.contract.v1.ScanRequest;
import io.flotilla.contract.v1.SettleWriteReply;
import io.flotilla.contract.v1.SettleWriteRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/** Keys and values. */
final class KvService extends KvGrpc.KvImplBase {
  private final Gateway gateway;
  private final GatewayConfig config;
  private final Executor executor;

  KvService(Gateway gateway, GatewayConfig config, Executor executor) {
    this.gateway = gateway;
    this.config = config;
    this.executor = executor;
  }

  @Override
  public void get(GetRequest get, StreamObserver<GetReply> to) {
    UnaryCall.answer(gateway, with(get.getContext()).setGet(get).build(), Reply::getGet, to);
  }

  @Override
  public void multiGet(MultiGetRequest get, StreamObserver<MultiGetReply> to) {
    UnaryCall.answer(
        gateway, with(get.getContext()).setMultiGet(get).build(), Reply::getMultiGet, to);
  }

  @Override
  public void put(PutRequest put, StreamObserver<PutReply> to) {
    UnaryCall.answer(gateway, with(put.getContext()).setPut(put).build(), Reply::getPut, to);
  }

  @Override
  public void delete(DeleteRequest delete, StreamObserver<DeleteReply> to) {
    UnaryCall.answer(
        gateway, with(delete.getContext()).setDelete(delete).build(), Reply::getDelete, to);
  }

  @Override
  public void compareAndSet(CompareAndSetRequest set, StreamObserver<CompareAndSetReply> to) {
    UnaryCall.answer(
        gateway, with(set.getContext()).setCompareAndSet(set).build(), Reply::getCompareAndSet, to);
  }

  @Override
  public void batch(BatchRequest batch, StreamObserver<BatchReply> to) {
    UnaryCall.answer(
        gateway, with(batch.getContext()).setBatch(batch).build(), Reply::getBatch, to);
  }

  @Override
  public void increment(IncrementRequest increment, StreamObserver<IncrementReply> to) {
    UnaryCall.answer(
        gateway,
        with(increment.getContext()).setIncrement(increment).build(),
        Reply::getIncrement,
        to);
  }

  @Override
  public void deleteRange(DeleteRangeRequest delete, StreamObserver<DeleteRangeReply> to) {
    UnaryCall.answer(
        gateway,
        with(delete.getContext()).setDeleteRange(delete).build(),
        Reply::getDeleteRange,
        to);
  }

  @Override
  public void settleWrite(SettleWriteRequest settle, StreamObserver<SettleWriteReply> to) {
    UnaryCall.answer(
        gateway,
        with(settle.getContext()).setSettleWrite(settle).build(),
        Reply::getSettleWrite,
        to);
  }

  @Override
  public void scan(ScanRequest scan, StreamObserver<ScanReply> to) {
    UnaryCall.answer(gateway, with(scan.getContext()).setScan(scan).build(), Reply::getScan, to);
  }

  @Override
  public StreamObserver<RequestFrame> execute(StreamObserver<ReplyFrame> to) {
    ExecuteStream stream =
        new ExecuteStream(gateway, config, executor, (ServerCallStreamObserver<ReplyFrame>) to);
    stream.open();
    return stream;
  }

  private static Request.Builder with(Context context) {
    return Request.newBuilder().setContext(context);
  }
}
