package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.util.Optional;

/** What a client tells of its servers, for logs, metrics and conditions. */
public interface RadiusObserver {

    /** A server answered, after so many milliseconds. */
    void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis);

    /**
     * A server did not answer in time.
     *
     * @param fault what is the matter with it
     */
    void silent(RadiusServer server, Purpose purpose, Fault fault);

    /**
     * A server was asked whether it is there.
     *
     * @param fault what is the matter with it; empty when it answered
     */
    void probed(RadiusServer server, Optional<Fault> fault);

    /** A server is passed by from now on. */
    void dead(RadiusServer server);

    /** Something arrived that is no answer; the request goes on. */
    void notBelieved(RadiusServer server, RadiusException why);

    /** Something arrived that nobody waits for. */
    void unexpected(RadiusServer server);
}
