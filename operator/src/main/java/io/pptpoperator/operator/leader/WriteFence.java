package io.pptpoperator.operator.leader;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Clock;
import java.time.Instant;

/**
 * Lets requests that write through only as long as this process surely leads. A process that was frozen for longer than
 * its Lease lasted would otherwise finish what it was about to write, although another one leads by then.
 */
public final class WriteFence implements Interceptor {

    private final Clock clock;
    private volatile Instant end = Instant.MIN;

    /** A fence that lets nothing through yet. */
    public WriteFence(Clock clock) {
        this.clock = clock;
    }

    /** Guards a client that is being built. */
    public void guard(HttpClient.Builder client) {
        client.addOrReplaceInterceptor("write-fence", this);
    }

    /** Lets writes through until then, and no longer. */
    public void openUntil(Instant time) {
        end = time;
    }

    /**
     * Looks at a request before each attempt to send it.
     *
     * @throws IllegalStateException when it must not be sent
     */
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        boolean writes = !request.method().equals("GET")
                && !request.uri().getPath().startsWith("/apis/coordination.k8s.io/");
        if (writes && !clock.instant().isBefore(end)) {
            throw new IllegalStateException("this process does not hold the Lease, and writes nothing: "
                    + request.method() + " " + request.uri().getPath());
        }
    }
}
