package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import java.util.function.Consumer;

/** Asks RADIUS servers, whichever they are now. Of the control loop's thread. */
interface Asking {

    /** Whether there is anybody to ask for a purpose. */
    boolean serves(Purpose purpose);

    /**
     * Asks.
     *
     * @param affinity requests with the same number ask the same server among equals
     * @param then is told how it came out, once, on the control loop, never before this returns
     * @return withdraws the request: {@code then} is not told any more
     */
    Runnable ask(Purpose purpose, int affinity, RadiusClient.Request request, Consumer<RadiusClient.Outcome> then);
}
