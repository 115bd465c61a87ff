package io.pptpoperator.dataplane.radius;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import java.util.Optional;

/** Tells two observers. */
record Both(RadiusObserver one, RadiusObserver other) implements RadiusObserver {

    @Override
    public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {
        one.answered(server, purpose, code, millis);
        other.answered(server, purpose, code, millis);
    }

    @Override
    public void silent(RadiusServer server, Purpose purpose, Fault fault) {
        one.silent(server, purpose, fault);
        other.silent(server, purpose, fault);
    }

    @Override
    public void probed(RadiusServer server, Optional<Fault> fault) {
        one.probed(server, fault);
        other.probed(server, fault);
    }

    @Override
    public void dead(RadiusServer server) {
        one.dead(server);
        other.dead(server);
    }

    @Override
    public void notBelieved(RadiusServer server, RadiusException why) {
        one.notBelieved(server, why);
        other.notBelieved(server, why);
    }

    @Override
    public void unexpected(RadiusServer server) {
        one.unexpected(server);
        other.unexpected(server);
    }
}
