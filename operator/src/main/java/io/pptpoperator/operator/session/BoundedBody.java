package io.pptpoperator.operator.session;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Takes the body of a pod's answer as long as it is no longer than allowed; then it hangs up. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    private final int most;
    private final AnswerMemory memory;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Flow.Subscription subscription;
    private boolean closed;

    /**
     * The body of one answer.
     *
     * @param most bytes
     * @param memory gives them room until {@link #close}
     */
    BoundedBody(int most, AnswerMemory memory) {
        this.most = most;
        this.memory = memory;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            if (closed || !take(part.remaining())) {
                subscription.cancel();
                return;
            }
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            received.writeBytes(bytes);
        }
    }

    private boolean take(int bytes) {
        if (received.size() + bytes > most) {
            return refuse("the answer is longer than " + most + " bytes");
        }
        return memory.take(bytes)
                || refuse("the answers of all pods together are more than the operator has memory for");
    }

    private boolean refuse(String why) {
        body.completeExceptionally(new IOException(why));
        return false;
    }

    @Override
    public void onError(Throwable problem) {
        body.completeExceptionally(problem);
    }

    @Override
    public synchronized void onComplete() {
        body.complete(received.toByteArray());
    }

    /** Gives the room back; what comes after that is not taken. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            memory.give(received.size());
            received.reset();
        }
    }
}
